"""The miniature's exports, many times over and with ties of every kind, written in any order of lines.

`write_tied_exports` takes a folder and a seed and writes exports and county; the seed changes the order of lines and
nothing else. `shuffle_warehouse` copies what was ingested in another physical order. Expectations are in
test_row_order.py.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from tests.end_to_end.miniature_home import MINIATURE

COPIES = 120
"""So many that the platform's cases fill several row groups of 2,048 rows, which threads then share."""
_NUMBERS = ("办件编号", "评价编号", "证照标识")
_PAUSES = "办件编号,种类,开始时间,结束时间"
_PAUSE = "特别程序,2022-06-15 09:30:00,2022-06-16 10:00:00"
# file of the miniature → rows that tie with its own or with each other
_TIES = {
    # one version of a case twice, of one moment of update, and once more in another file of the same day
    "platform_cases_202206.csv": [
        "P33,,另名,承诺件,窗口办理,否,西河乡中心,乡镇街道,西河乡,2022-06-13,,,,3,工作日,,,在办,2022-06-16 08:00:00",
        "P40,,事项,承诺件,窗口办理,否,西河乡中心,乡镇街道,西河乡,2022-06-13,,2022-06-15 16:00:00,,3,工作日,,,办结,",
        "P40,,事项,承诺件,窗口办理,否,东河镇中心,乡镇街道,东河镇,2022-06-13,,,,3,工作日,,,在办,",
        "Q01,I01,事项,承诺件,窗口办理,否,东河镇中心,乡镇街道,东河镇,2022-06-14,,,,2,工作日,,,在办,",
        "Q02,I01,事项,承诺件,窗口办理,否,西河乡中心,乡镇街道,西河乡,2022-06-14,,,,2,工作日,,,挂起,",
    ],
    "platform_cases_again_202206.csv": [
        "P40,,事项,承诺件,窗口办理,否,样例县审批局,政务大厅,,2022-06-13,,2022-06-14 16:00:00,,3,工作日,,,办结,",
    ],
    "township_cases_202206.csv": [
        "Q01,,事项,承诺件,窗口办理,否,东河镇中心,东河镇,2022-06-14,,2022-06-23 16:00:00,,3,工作日,,,办结,",
        "Q02,,事项,承诺件,窗口办理,否,西河乡中心,西河乡,2022-06-14,,,,3,工作日,,,在办,",
    ],
    # both sources report the same pauses: equal, of one start, of one end, and end to end
    "platform_pauses_202206.csv": [
        f"{case},{pause}"
        for case in ("S01", "Q01")
        for pause in (
            _PAUSE,
            "转报,2022-06-20 10:00:00,2022-06-21 10:00:00",
            "转报,2022-06-21 10:00:00,2022-06-22 10:00:00",
        )
    ],
    "township_pauses_202206.csv": [
        f"{case},{pause}"
        for case in ("S01", "Q01")
        for pause in (
            _PAUSE,
            "转报,2022-06-20 10:00:00,2022-06-22 10:00:00",
            "转报,2022-06-21 10:00:00,2022-06-22 10:00:00",
        )
    ],
    "hr_results_202206.csv": ["3001,2022-06-24 16:00:00,不予", "3001,2022-06-23 16:00:00,准予"],
    # of one case at one moment: two by a person, one by default
    "evaluations_202206.csv": [
        "E20,P08,平台,PC端,不满意,首次,2022-06-10 10:00:00,否,是,",
        "E21,P08,平台,移动端,满意,首次,2022-06-10 10:00:00,是,是,",
        "E21,P08,平台,移动端,不满意,首次,2022-06-10 10:00:00,是,是,",
    ],
    "certificates_202206.csv": [
        "C2,A,营业执照,2022-06-30 23:59:59,已入库",
        "C2,B,食品经营许可证,2022-06-29 09:00:00,退回",
    ],
    "platform_items_20220630.csv": ["I01,食品经营许可（变更）,在用,承诺件,2,工作日,20,工作日,2020-01-01,,"],
    # two counties lead together, two feedbacks of one batch differ
    "indicators_202207.csv": [
        "2022H1,990004,丁县,事项覆盖率,70,,2022-07-08",
        "2022H1,990004,丁县,事项覆盖率,60,,2022-07-08",
    ],
    "ledger_202206.csv": ["2022-06-15,首问负责,样例县审批局"],
    "extended_202206.csv": ["2022-06-09,审批窗口,1"],
}
# the name of one is the printed name of another; two have one printed name
_ORGANISATIONS = ["审批窗口,大厅窗口,hall,,true", "样例县审批一局,审批窗口,hall,,true"]
_REGIONS = ["990001110,东河镇开发区,东河镇,990001,true,1"]


def write_tied_exports(folder: Path, seed: int) -> tuple[Path, Path]:
    """Write `folder`/exports and `folder`/county, lines in the order of `seed`; return both folders."""
    order, exports, county = random.Random(seed), folder / "exports", folder / "county"
    exports.mkdir(parents=True)
    shutil.copytree(MINIATURE / "county", county)
    source = county / "sources" / "township.yaml"
    pauses = """  - dataset: case_pauses
    files: ["township_pauses_*.csv"]
    date_in_path: '_(\\d{4})(\\d{2})(\\d{2})?\\.'
    absent: [reason, updated_at]
"""
    source.write_text(source.read_text(encoding="utf-8") + pauses, encoding="utf-8")
    for name, lines in (("organisations.csv", _ORGANISATIONS), ("regions.csv", _REGIONS)):
        first, *rest = (county / name).read_text(encoding="utf-8").splitlines()
        _write(county / name, first, [*rest, *lines], order)
    for name in sorted({*_TIES, *(path.name for path in (MINIATURE / "exports").iterdir())}):
        own = MINIATURE / "exports" / name
        header, *lines = own.read_text(encoding="utf-8").splitlines() if own.exists() else [_find_header(name)]
        _write(exports / name, header, [*lines, *_TIES.get(name, [])], order, COPIES)
    return exports, county


def shuffle_warehouse(ingested: Path, connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Copy every table of the file `ingested` into the database `candidate`, its rows in the order of `seed`."""
    connection.execute(
        f"attach '{ingested}' as ingested (read_only); attach ':memory:' as candidate (row_group_size 2048); "
        "use candidate"
    )
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'ingested' order by all"
    ).fetchall()
    for schema, table in tables:
        connection.execute(f"create schema if not exists {schema}")
        # rows that are equal throughout are the same row, whichever comes first
        connection.execute(
            f"create table {schema}.{table} as select * from ingested.{schema}.{table} as rows "
            f"order by md5(cast(rows as varchar) || '{seed}')"
        )
    connection.execute("detach ingested")


def _find_header(name: str) -> str:
    if "pauses" in name:
        return _PAUSES
    return (MINIATURE / "exports" / name.replace("_again", "")).read_text(encoding="utf-8").splitlines()[0]


def _write(path: Path, header: str, lines: Iterable[str], order: random.Random, copies: int = 1) -> None:
    """Write the lines in a random order, each so many times with numbers of its own, if it has numbers."""
    names = header.split(",")
    numbered = [place for place, name in enumerate(names) if name in _NUMBERS]
    rows = [line.split(",") for line in lines]
    rows = [[*row, *[""] * (len(names) - len(row))] for row in rows]
    copied = [
        [f"{cell}-{copy}" if copy and place in numbered else cell for place, cell in enumerate(row)]
        for row in rows
        for copy in range(copies if numbered else 1)
    ]
    order.shuffle(copied)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *copied])
