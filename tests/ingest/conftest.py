"""A landing folder and a warehouse for the tiny county of `tests/county`.

The fixture `landing` writes exports and runs the ingest stage. The expectations are in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.jurisdiction import reference
from ingest.run import Report, ingest

COUNTY = Path(__file__).parent.parent / "county"
HEADER = "业务编号,事项名称,办理形式,受理部门,受理时间,办结时间,办件状态,更新时间,申请人,申请人证件号码,联系电话"


def case(number: int, **changed: str) -> str:
    """One line of the hall's export; `changed` replaces cells by canonical name."""
    cells = {
        "case_no": f"A{number}",
        "item_name": "食品经营许可",
        "channel": "窗口办理",
        "org_name": "县行政审批局",
        "accepted_at": f"2022-01-{number % 28 + 1:02d} 09:00:00",
        "finished_at": "",
        "status": "在办",
        "updated_at": "",
        "applicant_name": "样例甲",
        "applicant_key": f"99999919900101{number:04d}",
        "phone": "10000000000",
    }
    assert changed.keys() <= cells.keys()
    return ",".join((cells | changed).values())


def mapping(jurisdiction: Path, text: str, name: str = "hall") -> Path:
    path = jurisdiction / "sources" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@dataclass
class Landing:
    home: Path
    county: Path = COUNTY
    runs: int = 0

    def put(self, name: str, *lines: str, header: str = HEADER, encoding: str = "utf-8", end: str = "\n") -> Path:
        path = self.home / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(("\n".join([header, *lines]) + end).encode(encoding))
        return path

    def run(self, **options: frozenset[str]) -> Report:
        self.runs += 1
        with self.connect() as connection:
            return ingest(connection, self.county, self.home / "exports", self.home, f"run-{self.runs}", **options)

    def connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.home / "build" / "warehouse.duckdb"))

    def ask(self, query: str) -> list[tuple]:
        with self.connect() as connection:
            return connection.execute(query).fetchall()

    def counts(self, name: str) -> tuple[str, int, int, int, int, int]:
        """verdict, rows read, loaded, superseded, duplicate, quarantined of a file."""
        return self.ask(
            "select verdict, rows_read, rows_loaded, rows_superseded, rows_duplicate, rows_quarantined "
            f"from quality.files where path = '{name}' and verdict <> 'replaced'"
        )[0]


@pytest.fixture(autouse=True, scope="session")
def one_calendar() -> None:
    """Eight years of days are worked out once, not once a run."""
    reference.build_calendar = cache(reference.build_calendar)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    for folder in ("exports", "build"):
        (tmp_path / folder).mkdir()
    return Landing(tmp_path)


def run(landing: Landing, county: Path = COUNTY, again: str = "changed") -> Report:
    """A run with a county's mappings that a test has changed, or one that reads again."""
    with landing.connect() as connection:
        return ingest(connection, county, landing.home / "exports", landing.home, "run", again=again)


def state(landing: Landing) -> list[list[tuple]]:
    """The warehouse but for the numbers of files and runs; the last is empty where rows are conserved."""
    return [
        landing.ask(
            "select raw.* exclude (_file_id), path from raw.cases as raw "
            "inner join quality.files on _file_id = file_id order by all"
        ),
        landing.ask("select * exclude (file_id, run_id) from quality.files where verdict <> 'replaced' order by all"),
        landing.ask("select * exclude (file_id, run_id) from quality.quarantine order by all"),
        landing.ask("select * from quality.drift order by all"),
        landing.ask(
            "select path from quality.files "
            "where rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined"
        ),
    ]


def read_anew(landing: Landing, county: Path = COUNTY) -> list[list[tuple]]:
    """The state of a warehouse made of the same landing folder in one go."""
    (landing.home / "build" / "warehouse.duckdb").unlink()
    run(landing, county)
    return state(landing)
