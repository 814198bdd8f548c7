"""Tests that incremental equals full: a warehouse built delivery by delivery equals one built of all exports at once.

It asserts that every row of every mart, every figure and every daily count is the same, after late, superseding, moved
and vanished rows of every dataset. benchmarks/ measures the costs.
"""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from dagster_project import settings
from dagster_project.own_figures.load import load_own_figures
from dagster_project.warehouse import fingerprint
from dagster_project.warehouse.candidate import Candidate
from ingest.run import ingest
from ingest.sample.generate import generate
from tests.shared_dbt import shared_dbt

COUNTY = settings.PROJECT / "jurisdictions" / "lingwu"
# a warehouse that is built once has nothing to revise
NOT_COMPARED = ("revisions",)
# a county's own figures of every event, with conditions that hold from a day on or up to one
OWN_FIGURES = """
figures:
  unrated: {name: 未评, basis: 未评, dimensions: [org], numerator: {count: finished, where: {is_evaluated: false}}}
  unsettled: {name: 未结, basis: 未结, dimensions: [source], numerator: {count: accepted, where: {is_settled: false}}}
  stock: {name: 存量, basis: 期末在办, dimensions: [total, status], numerator: {count: open}}
  rectified:
    name: 整改占比
    basis: 已整改的占有效评价的比重
    dimensions: [evaluation_channel]
    numerator: {count: evaluations, where: {is_rectified: true}, words: 已整改}
    denominator: {count: evaluations, whole: true}
"""


class Warehouse:
    """A runtime home whose exports arrive by and by."""

    def __init__(self, home: Path) -> None:
        self.home, self.exports = home, home / "exports"
        self.exports.mkdir(parents=True)
        (home / "build").mkdir()
        self.candidate = Candidate(home)
        self.file = self.candidate.path
        self.runs = 0
        county = shutil.copytree(COUNTY, home / "county")
        (county / "figures.yaml").write_text(OWN_FIGURES, encoding="utf-8")
        self.own_figures = load_own_figures(county)

    def deliver(self, path: Path, name: str) -> None:
        target = self.exports / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)

    def build(self) -> str:
        """Ingest and run dbt as a run does; what dbt was told to do."""
        self.runs += 1
        with self.candidate.connect() as connection:
            report = ingest(connection, COUNTY, self.exports, self.home, f"run-{self.runs}")
            assert not report.refused, report.refused
            # the gate's first entry, by which revisions know their run
            connection.execute("insert into quality.checks (run_id) values ($1)", [f"run-{self.runs}"])
            now = fingerprint.hash_inputs(connection, settings.DBT_PROJECT, COUNTY)
            command = fingerprint.choose_command(connection, now)
        arguments = (*command, "--exclude-resource-type", "unit_test")
        outcome = shared_dbt().run(*arguments, target=self.home / "target", home=self.home, variables=self.own_figures)
        assert outcome.success, [f"{r.name}: {r.message}" for r in outcome.results if r.message]
        with self.candidate.connect() as connection:
            fingerprint.record_build(connection, now)
        return " ".join(command)


def _text(path: Path, change: Callable[[str, list[str]], list[str]]) -> bytes:
    """The export at `path` with its lines changed."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        encoding = "utf-8" if data.decode("utf-8") else ""
    except UnicodeDecodeError:
        encoding = "gb18030"
    head, *lines = data.decode(encoding).splitlines()
    data = "\r\n".join([head, *change(head, lines), ""]).encode(encoding)
    return gzip.compress(data, mtime=0) if path.suffix == ".gz" else data


def _shuffled(chance: random.Random, share: float, keep: tuple[str, ...]) -> Callable[[str, list[str]], list[str]]:
    """Some of the lines, each with one to four cells taken from another line, as a system that corrects its rows."""

    def change(head: str, lines: list[str]) -> list[str]:
        names = head.lstrip("\ufeff").split(",")
        rows = [line.split(",") for line in lines if '"' not in line]
        rows = [row for row in rows if len(row) == len(names)]
        # a case without a day of acceptance must stay pending: cells of such rows fit nowhere else
        accepted = [i for i, name in enumerate(names) if "受理时间" in name or name == "经办时间"]
        rows = [row for row in rows if all(row[i] for i in accepted)]
        movable = [i for i, name in enumerate(names) if name not in keep]
        changed = []
        for row in chance.sample(rows, min(max(int(len(rows) * share), 5), len(rows))):
            row = list(row)
            for place in chance.sample(movable, chance.randint(1, 4)):
                row[place] = chance.choice(rows)[place]
            changed.append(",".join(row))
        return changed

    return change


def _items_with_other_limits(path: Path, target: Path, chance: random.Random) -> None:
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("事项清单").to_python()
    limit = head.index("承诺时限")
    for row in chance.sample(rows, len(rows) // 10):
        row[limit] = chance.choice([1, 3, 7, 15])
    with xlsxwriter.Workbook(str(target)) as book:
        sheet = book.add_worksheet("事项清单")
        for place, row in enumerate([head, *rows]):
            sheet.write_row(place, 0, row)


def _differences(one: Path, other: Path) -> list[str]:
    """Tables of marts and intermediate that differ, with how many rows only the one and only the other holds."""
    connection = duckdb.connect()
    connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = 'one' and schema_name in ('marts', 'intermediate') and table_name not in $1",
        [NOT_COMPARED],
    ).fetchall()
    assert len(tables) > 30
    found = []
    for (table,) in tables:
        counts = [
            connection.execute(f"select count(*) from (from {a}.{table} except all from {b}.{table})").fetchone()[0]
            for a, b in (("one", "other"), ("other", "one"))
        ]
        if any(counts):
            found.append(f"{table}: {counts}")
    return found


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "exports"
    generate(COUNTY, folder, scale=0.01)
    return folder


@pytest.mark.parametrize("seed", [1])
def test_incremental_equals_full(exports: Path, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAO_PSEUDONYM_KEY", "a key of this test")
    monkeypatch.setattr(fingerprint, "FULL_BUILD_ROWS", 0)  # the sample is small enough to be built whole each time
    chance = random.Random(seed)
    files = [str(p.relative_to(exports)) for p in sorted(exports.rglob("*")) if p.is_file()]
    late = tmp_path / "late"
    late.mkdir()

    growing = Warehouse(tmp_path / "growing")
    for name in files:
        if "_202207" not in name:
            growing.deliver(exports / name, name)
    commands = [growing.build()]

    # the next days, and with them corrections of old rows of every dataset
    for name in files:
        if "_202207" in name:
            growing.deliver(exports / name, name)
    keep = ("办件编号", "业务编号", "业务流水号", "业务受理号", "评价编号", "证照标识码", "办件来源")
    for source, name in (
        ("platform/cases", "cases_202205.csv.gz"),
        ("hall", "zhck_202206.csv"),
        ("counters", "counters_202203.csv"),
        ("platform/pauses", "pauses_202205.csv"),
        ("evaluation", "haochaping_202206.csv"),
        ("certificate", "zhengzhao_202204.csv.gz"),
    ):
        changed = _text(exports / source / "2022" / name, _shuffled(chance, 0.2, keep))
        late_name = name.replace(name.split("_")[-1][:6], "20220714")
        (late / late_name).write_bytes(changed)
        growing.deliver(late / late_name, f"{source}/late/{late_name}")
    commands.append(growing.build())

    # rows vanish with a file that is replaced, another one grows, items get other limits
    replaced = "hr/2022/renshe_202205.csv"
    (late / "replaced.csv").write_bytes(_text(exports / replaced, lambda _, lines: lines[::2]))
    growing.deliver(late / "replaced.csv", replaced)
    items = sorted(name for name in files if "/items/" in name)[-1]
    _items_with_other_limits(exports / items, late / "items.xlsx", chance)
    growing.deliver(late / "items.xlsx", "platform/items/items_20220716.xlsx")
    commands.append(growing.build())
    assert commands == ["build --full-refresh", "build", "build"]

    at_once = Warehouse(tmp_path / "at_once")
    shutil.rmtree(at_once.exports)
    shutil.copytree(growing.exports, at_once.exports)
    assert at_once.build() == "build --full-refresh"
    assert _differences(growing.file, at_once.file) == []
