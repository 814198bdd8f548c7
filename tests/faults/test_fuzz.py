"""Tests thousands of damaged copies of a good export: each is refused, or loaded with every record accounted for.

Nobody can see a flipped bit that makes one free text into another. So it asserts that a loaded row differs from the
good row only in cells whose bytes were changed. Seeds are fixed.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest.run import ingest
from tests.faults.good import HEADER, lines, rows, stored
from tests.faults.hostile import packed, squeezed, workbook

HERE = Path(__file__).parent
GOOD = lines("F")
STORED = {row[0]: row for row in stored("F")}
RAW = {row[0]: row for row in rows("F")}
COLUMNS = [HEADER.index(h) for h in ("办件编号", "事项名称", "办理形式", "受理时间", "办结时间", "办件状态")]
ENCODINGS = ("utf-8", "gb18030", "utf-16")


def _flip(random: random.Random, content: bytearray) -> None:
    for _ in range(random.choice((1, 1, 1, 2, 5, 20))):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)


def _overwrite(random: random.Random, content: bytearray) -> None:
    for _ in range(random.choice((1, 2, 4))):
        content[random.randrange(len(content))] = random.choice(b'"",;\t\r\n\\\0 0E+.-')


def _insert(random: random.Random, content: bytearray) -> None:
    piece = random.choice(
        (b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xa0", b"  ")
    )
    for _ in range(random.choice((1, 1, 2, 3))):
        place = random.randrange(len(content))
        content[place:place] = piece


def _cut(random: random.Random, content: bytearray) -> None:
    first = random.randrange(len(content))
    if random.random() < 0.5:
        del content[first:]
    else:
        del content[first : first + random.choice((1, 3, 50, 400))]


def _shuffle(random: random.Random, content: bytearray) -> None:
    parts = bytes(content).split(b"\n")
    match random.randrange(4):
        case 0:
            random.shuffle(parts)
        case 1:
            parts[1:-1] = random.sample(parts[1:-1], len(parts) - 2)
        case 2:
            parts.insert(random.randrange(len(parts)), random.choice(parts))
        case 3:
            parts = parts[:-1] + parts
    content[:] = b"\n".join(parts)


def _mix(random: random.Random, content: bytearray) -> None:
    """Some lines in another encoding."""
    changed = bytes(content).split(b"\n")
    for place in random.sample(range(1, len(changed)), random.choice((1, 3, 30))):
        line = GOOD[place] if place < len(GOOD) else ""
        changed[place] = line.encode(random.choice(("utf-8", "gb18030", "utf-16-le", "utf-8-sig")))
    content[:] = b"\n".join(changed)


MUTATIONS: tuple[Callable[[random.Random, bytearray], None], ...] = (_flip, _overwrite, _insert, _cut, _shuffle, _mix)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("fuzz")
    for folder in ("exports/desk", "build"):
        (home / folder).mkdir(parents=True)
    return home


def _ingest(home: Path, files: dict[str, bytes]) -> duckdb.DuckDBPyConnection:
    for old in (home / "exports" / "desk").iterdir():
        old.unlink()
    for name, content in files.items():
        (home / "exports" / "desk" / name).write_bytes(content)
    connection = duckdb.connect()
    report = ingest(connection, HERE / "county", home / "exports", home, "run-1")
    assert report.files >= len(files)
    assert not report.unclaimed and not report.waiting
    unaccounted = connection.execute("""
        select path from quality.files
        where rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined""").fetchall()
    assert unaccounted == []
    return connection


def _loaded(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[int, tuple]]:
    """path of a file that was taken -> record -> its row in the warehouse."""
    found: dict[str, dict[int, tuple]] = {
        path: {} for (path,) in connection.execute("select path from quality.files where verdict = 'loaded'").fetchall()
    }
    for path, record, *row in connection.execute("""
        select path, _record, case_no, item_name, channel, accepted_at, finished_at, status
        from raw.cases inner join quality.files on _file_id = file_id""").fetchall():
        found[path][record] = tuple(row)
    return found


def test_no_damage_to_a_text_goes_unseen(home):
    seed = random.Random(20220716)
    files = {}
    for number in range(2_000):
        encoding = ENCODINGS[number % 3]
        content = bytearray(("\n".join(GOOD) + "\n").encode(encoding))
        for mutate in seed.sample(MUTATIONS, seed.choice((1, 1, 2))):
            if content:
                mutate(seed, content)
        files[f"{number:04d}_{encoding}.csv"] = bytes(content)
    with _ingest(home, files) as connection:
        loaded = _loaded(connection)
        unknown = "select path from quality.files where verdict = 'loaded' and unknown_headers <> ''"
        damaged_headers = {path for (path,) in connection.execute(unknown).fetchall()}
    assert 400 < len(loaded) < 1_600  # neither everything refused nor nothing
    # a damaged header of an optional column is reported, and its cells are read nowhere
    loaded = {path: rows for path, rows in loaded.items() if path not in damaged_headers}
    assert len(loaded) > 400
    touched = 0
    for path, by_record in loaded.items():
        name = path.removeprefix("desk/")
        encoding = name.split("_")[1].removesuffix(".csv")
        text = files[name].decode(encoding, errors="replace")
        # records as Python's csv reads them: each undamaged record must be in the warehouse as in the good export
        records = [row for row in csv.reader(io.StringIO(text.replace("\ufeff", ""), newline="")) if any(row)][1:]
        whole = Counter(row[0] for row in records if RAW.get(row[0]) == row)
        standing = Counter(row[0] for row in by_record.values() if STORED.get(row[0]) == row)
        assert not whole - standing, (path, whole - standing)
        # the lines that lie there as they were written, whatever any reader makes of the quotes around them
        intact = Counter(line.split(",")[0] for line in text.replace("\r", "\n").split("\n") if line in set(GOOD[1:]))
        assert not intact - standing, (path, intact - standing)
        for record, row in by_record.items():
            if STORED.get(row[0]) != row:
                touched += 1
                _differs_only_where_damaged(path, row, records[record - 1])
    assert touched > 50


def _differs_only_where_damaged(path: str, row: tuple, cells: list[str]) -> None:
    """A stored row that is no good row: each value whose cell is a good row's own is that row's value."""
    nearest = max(RAW.values(), key=lambda good: sum(a == b for a, b in zip(good, cells, strict=False)))
    for place, value, good in zip(COLUMNS, row, STORED[nearest[0]], strict=True):
        assert cells[place] != nearest[place] or value == good, (path, row, cells)
        if place in (0, 1) and cells[place].isprintable():
            assert value == cells[place].strip() or not cells[place].isascii(), (path, row, cells)


def test_no_damage_to_a_packed_file_goes_unseen(home):
    seed = random.Random(20220717)
    text = ("\n".join(GOOD) + "\n").encode()
    kinds = {"csv.gz": squeezed(text), "zip": packed(("a.csv", text)), "xlsx": workbook("F")}
    files = {}
    for number in range(450):
        kind = [*kinds][number % 3]
        content = bytearray(kinds[kind])
        seed.choice((_flip, _flip, _cut, _overwrite))(seed, content)
        files[f"{number:04d}.{kind}"] = bytes(content)
    with _ingest(home, files) as connection:
        loaded = _loaded(connection)
    assert loaded  # damage that misses all data, as in a name or a time, is survived
    for path, by_record in loaded.items():
        assert sorted(by_record.values(), key=str) == sorted(STORED.values(), key=str), path


def test_no_damage_to_an_old_workbook_ends_the_run(home):
    seed = random.Random(20220718)
    old = (HERE / "files" / "desk" / "real_workbook_of_1997.xls").read_bytes()
    files = {}
    for number in range(12):
        content = bytearray(old)
        (_flip, _cut)[number % 2](seed, content)
        files[f"{number:04d}.xls"] = bytes(content)
    with _ingest(home, files) as connection:
        assert connection.execute("select count(*) from quality.files").fetchall() == [(12,)]
