"""Plants sixty kinds of personal values at every place of an export, and searches all that two runs leave.

The first run publishes: persons stand in the names of files, folders and members, in the header, and where items,
offices and windows are named. The second is blocked: they stand in codes, dates, numbers and sheets. Every value is
planted once. `KEPT` lists what is kept on purpose; docs/pseudonyms.md gives the reasons.
"""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.end_to_end.planted import Planted, dump_event_log, dump_tables, search

HARD = ("id", "mobile")  # the kinds whose row is set aside; many of them refuse a file
PUBLISHED = ("item", "office", "window", "personal", "undeclared", "header", "file", "unclaimed", "folder", "member")
BLOCKED = ("code", "date", "number", "case number", "yes or no", "sheet", "hard item", "hard office", "hard window")
# Numbers of documents look like numbers of cases; a bare date or amount can't be told from others.
NUMBER_LIKE = {
    *("cut-off id", "wrong id", "passport", "permit of Hong Kong", "permit of Taiwan", "permanent residence"),
    *("landline without area", "credit code of a trader"),
}
LATIN = {"Latin name", "Latin name in capitals", "Latin name in one word"}  # as the English name of an office or item
KEPT: dict[str, set[str]] = {
    **{place: LATIN for place in ("item", "office", "window")},
    "case number": NUMBER_LIKE,
}


def plant_cells(rows: list[list[str]], cells: dict[str, dict[str, str]]) -> None:
    """Put the values of each column into rows of their own, from the first row on."""
    place = 1
    for column, values in cells.items():
        for value in values.values():
            rows[place][rows[0].index(column)] = value
            place += 1


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


def write(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def plant_for_the_published_run(exports: Path, planted: Planted) -> None:
    folder = exports / "counters" / "2022"
    rows = read(folder / "counters_202203.csv")
    sound = rows[:2]
    header = planted.plant("header")
    rows = [[*row, "", *[""] * len(header)] for row in rows]
    rows[0] = [*sound[0], "经办人", *header.values()]
    plant_cells(rows, {"经办人": planted.plant("undeclared"), "申请人": planted.plant("personal")})
    # each in rows of its own, behind those
    names = {"事项名称": "item", "受理部门": "office", "窗口": "window"}
    soft = {column: planted.plant(place, but=HARD) for column, place in names.items()}
    tail = [rows[0], *rows[121:]]
    plant_cells(tail, soft)
    write(folder / "counters_202203.csv", rows)
    for number, value in enumerate(planted.plant("file").values()):
        write(folder / f"{value.replace('/', '')}_20220{4 + number // 30}{number % 30 + 1:02d}.csv", sound)
    for value in planted.plant("unclaimed").values():
        write(exports / f"{value.replace('/', '')}.csv", [["甲", "乙"], ["1", "2"]])
    for value in planted.plant("folder").values():
        write(exports / "counters" / value.replace("/", "") / "counters_20220321.csv", sound)
    with zipfile.ZipFile(folder / "counters_20220322.zip", "w") as archive:
        for value in planted.plant("member").values():
            archive.writestr(f"{value.replace('/', '')}_20220322.csv", "\n".join(map(",".join, sound)))


def plant_for_the_blocked_run(exports: Path, planted: Planted) -> None:
    path = exports / "counters" / "2022" / "counters_202201.csv"
    rows = read(path)
    columns = {"办件状态": "code", "受理时间": "date", "承诺时限": "number", "是否全程网办": "yes or no"}
    columns |= {"办件编号": "case number"}
    plant_cells(rows, {column: planted.plant(place) for column, place in columns.items()})
    tail = [rows[0], *rows[301:]]
    for column, place in {"事项名称": "hard item", "受理部门": "hard office", "窗口": "hard window"}.items():
        values = {kind: value for kind, value in planted.plant(place).items() if kind.startswith(HARD)}
        plant_cells(tail, {column: values})
        tail = [rows[0], *tail[1 + len(values) :]]
    write(path, rows)
    with xlsxwriter.Workbook(exports / "township" / "2022" / "minsheng_20220620.xlsx") as book:
        for value in planted.plant("sheet", but=("number masked half",)).values():
            book.add_worksheet(value[:31]).write(0, 0, "甲")


@pytest.fixture(scope="module")
def left(small, tmp_path_factory) -> dict[tuple[str, str], set[str]]:
    """(place, kind) -> where the value was found, after both runs and the commands that tell of them."""
    scratch = tmp_path_factory.mktemp("planted")
    home, planted, said = small.copy(scratch / "home"), Planted(), scratch / "said"
    exports = home.path / "exports"
    said.mkdir()

    def say(name: str, *arguments: str, expect: int = 0) -> None:
        (said / name).write_text(home.tongbao(*arguments, expect=expect), encoding="utf-8")

    plant_for_the_published_run(exports, planted)
    say("run", "run")
    shutil.copytree(home.path / "quality", scratch / "first" / "quality")
    say("verify", "verify", str(home.path / "bulletins" / "2022H1"))
    say("release", "release", "2022H1")
    say("doctor", "doctor", "--json")
    ((check,),) = home.ask("select check_name from quality.findings limit 1")
    say("accept", "accept", check, "--reason", "待补录", "--by", "审批服务管理局")
    home.tongbao("export", str(scratch / "exported"))
    plant_for_the_blocked_run(exports, planted)
    say("blocked run", "run", expect=1)
    say("status", "status")
    say("quarantine", "quarantine", "--limit", "500")
    say("export", "quarantine", "--export", str(said / "quarantine.xlsx"))
    say("inspect", "inspect")
    say("check", "check", expect=1)
    say("files", "inspect", "--csv", "select * from quality.files")
    for path in (*exports.glob("counters/2022/counters_20220[13].csv"), *exports.glob("township/2022/minsheng_*.xlsx")):
        few = scratch / "few" / path.relative_to(exports)
        few.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, few)
    say("check of all", "check", "--every", "--json", "--from", str(scratch / "few"), expect=1)
    say("init", "init", str(said / "county"), "--from", str(exports))
    say("scaffold", "scaffold", str(exports / "counters" / "2022" / "counters_202204.csv"))
    say("replay", "replay", expect=1)
    dumps = scratch / "dumps"
    dump_tables(home.path / "warehouse.duckdb", dumps / "warehouse")
    dump_tables(home.path / "build" / "candidate.duckdb", dumps / "candidate")
    logs = dumps / "logs"
    logs.mkdir()
    for number, log in enumerate(home.path.glob("dagster/**/*.db")):
        dump_event_log(log, logs / str(number))
    apart = ("exports", "warehouse.duckdb", "warehouses", "build")
    places = {path.name: path for path in home.path.iterdir() if path.name not in apart} | {
        "first quality": scratch / "first",
        "terminal": said,
        "exported": scratch / "exported",
        "event log": logs,
        "rows of both": dumps / "warehouse",
        "rows of the candidate": dumps / "candidate",
        "warehouse": home.path / "warehouses",
        "candidate": home.path / "build" / "candidate.duckdb",
        **{f"build/{path.name}": path for path in (home.path / "build").iterdir() if path.name != "candidate.duckdb"},
    }
    return search(planted, places, scratch)


def test_there_are_sixty_kinds():
    assert len(Planted().plant("anywhere")) == 60


@pytest.mark.parametrize("place", [*PUBLISHED, *BLOCKED])
def test_nothing_that_a_run_leaves_or_says_holds_one(left, place):
    found = {kind: where for (planted_at, kind), where in left.items() if planted_at == place}
    assert {kind: where for kind, where in found.items() if kind not in KEPT.get(place, {})} == {}


def test_what_is_kept_is_in_tables_and_figures_alone(left):
    tables = {"warehouse", "candidate", "rows of both", "rows of the candidate"}
    # figures by office name each office, one that no list holds too
    tables |= {"bulletins", "build/bulletins", "backup", "releases", "exported"}
    shown = {key: where - tables for key, where in left.items() if key[1] in KEPT.get(key[0], {})}
    assert {key: where for key, where in shown.items() if where} == {}
