"""A synthetic county of two quiet years, as exports and as a modelled warehouse, which tests then spoil.

`write_exports` writes monthly CSV files; `QuietCounty` ingests them, builds the models as dbt compiled them, and builds
again what a change of raw tables concerns. The same seed gives the same bytes. It holds no expectation.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from string import Template

import duckdb
from chinese_calendar import is_workday

from dagster_project.gate.failing_rows import define_masks
from dagster_project.gate.plausibility import Verdict, judge_suites
from dagster_project.gate.record import create_record_tables
from dagster_project.gate.suite import load_suites
from dagster_project.helper_process import HelperProcess
from ingest.run import ingest
from tests.end_to_end.compiled_models import CompiledModels

HERE = Path(__file__).parent
COUNTY = HERE / "county"
FIRST, LAST = date(2020, 7, 1), date(2022, 6, 30)
# name of the files -> (view of exports.sql, the column that says which month a row belongs to)
FILES = {
    "hall_cases": ("hall_cases", "受理时间"),
    "platform_cases": ("platform_cases", "受理时间"),
    "platform_pauses": ("platform_pauses", "开始时间"),
    "evaluations": ("evaluations_export", "评价时间"),
    "certificates": ("certificates_export", "入库时间"),
}


def write_exports(folder: Path, seed: str, last: date = LAST) -> None:
    """The exports of the county from FIRST to `last`, a file a month."""
    folder.mkdir(parents=True, exist_ok=True)
    script = Template("".join((HERE / name).read_text(encoding="utf-8") for name in ("year.sql", "exports.sql")))
    with duckdb.connect() as connection:
        days = [FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1)]
        connection.execute("create table calendar (date_on date, is_working_day boolean)")
        connection.executemany("insert into calendar values (?, ?)", [(day, is_workday(day)) for day in days])
        connection.execute(script.substitute(seed=seed, first=FIRST, last=last))
        for month in sorted({f"{day:%Y%m}" for day in days}):
            for name, (view, column) in FILES.items():
                within = f"strftime({column}, '%Y%m') = '{month}' and {column} < date '{last}' + interval 1 day"
                query = f"select * from {view} where {within} order by all"
                _copy(connection, query, folder / f"{name}_{month}.csv")
        _copy(connection, "select * from platform_items", folder / f"platform_items_{FIRST:%Y%m%d}.csv")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to '{path}' (header, timestampformat '%Y-%m-%d %H:%M:%S')")


class QuietCounty:
    """A modelled warehouse in the file `path`, built with `models`."""

    def __init__(self, path: Path, models: CompiledModels) -> None:
        self.path, self.models = path, models

    def ingest(self, exports: Path, home: Path) -> None:
        """Take in `exports` and build everything."""
        (home / "build").mkdir(parents=True, exist_ok=True)
        with self.connect() as connection:
            connection.execute("create schema if not exists delta")
            report = ingest(connection, COUNTY, exports, home, "run")
            assert (report.refused, report.unclaimed) == ([], [])
            create_record_tables(connection)
            self.models.build(connection)
            connection.execute(
                "insert into delta.published_figures "
                "select period, figure, dimension, member, value from marts.figures "
                "where is_complete and as_of_on < date '2022-06-01'"
            )

    def connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.path))

    def copy(self, path: Path) -> QuietCounty:
        shutil.copy(self.path, path)
        return QuietCounty(path, self.models)


def judge(connection: duckdb.DuckDBPyConnection, helper: HelperProcess) -> dict[str, Verdict]:
    """Name -> verdict of every check that ships."""
    suites = load_suites()
    names = {expectation.name for suite in suites for expectation in suite.expectations}
    define_masks(connection)
    return {v.expectation.name: v for v in judge_suites(connection, helper, suites, names)}
