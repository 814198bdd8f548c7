"""Archives of a tiny home: of one publication, whatever is published meanwhile, and never restored when not whole.

Every published thing of the tiny home says one number, so a mixture is seen at once. Altered and cut archives are made
here with the standard library.
"""

from __future__ import annotations

import io
import itertools
import shutil
import sqlite3
import tarfile
import threading
import time

import pytest

from dagster_project.recovery import archive
from dagster_project.recovery.archive import NotPacked, read_archive, write_archive
from dagster_project.warehouse.damage import Damaged
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.moves import is_cut_short, make_moves
from dagster_project.warehouse.publication import publish
from tests.dagster_project.publication.tiny_home import all_say, list_moves, read_numbers, stage, stage_files


def restored(source, folder):
    folder.mkdir()
    read_archive(source, folder)
    return read_numbers(folder)


def test_an_archive_is_of_one_publication_though_others_are_made_while_it_is_written(home, tmp_path):
    (home / "exports").mkdir()
    (home / "exports" / "large.csv").write_bytes(b"0" * (8 << 20))
    warehouses = {number: tmp_path / f"{number}.duckdb" for number in (2, 3)}
    for number, path in warehouses.items():
        publish(stage(home, number))
        shutil.copyfile(home / "warehouse.duckdb", path)
    made = []

    def publish_while(part, times, ended):
        for number in times:
            while not part.exists() and not ended.is_set():
                time.sleep(0.001)
            stage_files(home, number)
            shutil.copyfile(warehouses[number], home / "build" / "candidate.duckdb")
            with hold_lock(home, "test"):
                make_moves(home, list_moves(home))
            made.append(number)

    for round_ in range(6):
        ended = threading.Event()
        target = tmp_path / f"{round_}.tar"
        others = [2, 3, 2][: 1 + round_ % 3]
        thread = threading.Thread(target=publish_while, args=(target.with_name(f".{target.name}.part"), others, ended))
        thread.start()
        write_archive(home, target)
        ended.set()
        thread.join()
        numbers = restored(target, tmp_path / f"restored-{round_}")
        assert numbers in (all_say(2), all_say(3)), numbers
    assert len(made) == 12


def test_a_home_that_never_rests_is_not_packed(home, tmp_path, monkeypatch):
    changes = itertools.count()
    monkeypatch.setattr(archive, "_read_state", lambda home: [("bulletins", next(changes), 0)])
    with pytest.raises(NotPacked, match="changed 5 times"):
        write_archive(home, tmp_path / "home.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


def test_a_publication_that_was_cut_short_is_settled_first(home, tmp_path):
    moves = list_moves(home)
    (home / "build" / "publication.json").write_text("[]")
    assert moves and is_cut_short(home)
    write_archive(home, tmp_path / "home.tar")
    assert not is_cut_short(home)


def test_databases_of_dagster_are_copied_as_they_are_between_transactions(home, tmp_path):
    path = home / "dagster" / "history" / "runs.db"
    path.parent.mkdir(parents=True)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("pragma journal_mode = wal")
    writer.execute("create table runs (id int)")
    writer.execute("begin")
    writer.execute("insert into runs values (1)")
    writer.execute("commit")
    writer.execute("begin")
    writer.execute("insert into runs values (2)")
    write_archive(home, tmp_path / "home.tar")
    writer.execute("commit")
    restored(tmp_path / "home.tar", tmp_path / "restored")
    assert not [*(tmp_path / "restored").rglob("*-wal")]
    copy = sqlite3.connect(tmp_path / "restored" / "dagster" / "history" / "runs.db")
    assert copy.execute("select id from runs").fetchall() == [(1,)]


def test_an_archive_is_closed_to_others_and_holds_neither_candidate_nor_lock(home, tmp_path):
    write_archive(home, tmp_path / "home.tar.gz")
    assert (tmp_path / "home.tar.gz").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "home.tar.gz", "r:gz") as packed:
        packed_names = {name.split("/")[0] for name in packed.getnames()}
    kept = ("backup", "bulletins", "pseudonym.key", "warehouse.duckdb", "warehouses", "worklists")
    assert (home / "build" / "candidate.duckdb").exists() and packed_names == {*kept, "sums.json"}


def alter(source, target, change):
    """Write `source` again with `change(name, content)` for each file; None leaves the file out."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for info in old:
            if not info.isfile():
                new.addfile(info)
            elif (content := change(info.name, old.extractfile(info).read())) is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: content.replace(b"1", b"2") if name.endswith("list.csv") else content,
        lambda name, content: None if name.endswith("list.csv") else content,
        lambda name, content: None if name == "sums.json" else content,
        lambda name, content: b"{" if name == "sums.json" else content,
    ],
    ids=["altered", "file lost", "sums lost", "sums cut"],
)
def test_an_archive_that_is_not_whole_is_refused_and_leaves_nothing(home, tmp_path, change):
    write_archive(home, tmp_path / "home.tar")
    alter(tmp_path / "home.tar", tmp_path / "altered.tar", change)
    with pytest.raises(Damaged, match=r"altered\.tar"):
        restored(tmp_path / "altered.tar", tmp_path / "restored")
    assert not [*(tmp_path / "restored").iterdir()]


@pytest.mark.parametrize("name", ["home.tar", "home.tar.gz"])
@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_an_archive_that_was_cut_off_is_refused(home, tmp_path, name, share):
    write_archive(home, tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(Damaged, match="take another one"):
        restored(tmp_path / name, tmp_path / "restored")


def test_a_path_that_leads_out_of_the_home_is_refused(home, tmp_path):
    write_archive(home, tmp_path / "home.tar")
    with tarfile.open(tmp_path / "home.tar", "a") as packed:
        info = tarfile.TarInfo("../escaped")
        packed.addfile(info, io.BytesIO(b""))
    with pytest.raises(Damaged):
        restored(tmp_path / "home.tar", tmp_path / "restored")
    assert not (tmp_path / "escaped").exists()
