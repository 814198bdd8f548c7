"""A fortnight of mornings in a small county: what each system delivers, what goes wrong, and how the morning must end.

`Fortnight` has a county and moves its day; `MORNINGS` lists days from Tuesday 28 June to Monday 11 July 2022 with what
the runbook (docs/operating.md) promises of each. Files have the miniature's headers: each system delivers a day, with
`rows` cases at the counters of the hall. `benchmarks/fortnight.py` lives through all fourteen days at full size.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import dagster as dg
import yaml

from tests.dagster_project.small_county import County, make_county
from tests.end_to_end.miniature_home import MINIATURE

DAY = timedelta(days=1)
FIRST = date(2022, 6, 28)
RHYTHMS = {"hall": "working_days", "certificate": "working_days", "office": "monthly by 5"}
NEW_CODE = "容缺办理"
# file of the miniature -> columns that a day's row changes; {day} and {no} are filled in
_ROWS = {
    "hall_cases": {"办件编号": "H{day}{no}", "受理时间": "{on} 09:00:00", "办结时间": "{on} 16:00:00"},
    "township_cases": {"办件编号": "T{day}{no}", "受理时间": "{on} 09:00:00", "诉求种类": "办件"},
    "hr_cases": {"办件编号": "R{day}{no}", "受理时间": "{on} 09:00:00", "办结时间": "{on} 16:00:00"},
    "platform_cases": {"办件编号": "P{day}{no}", "受理时间": "{on} 09:00:00", "办结时间": "{on} 16:00:00"},
    "evaluations": {"评价编号": "E{day}{no}", "办件编号": "H{day}{no}", "评价时间": "{on} 17:00:00"},
    "certificates": {"证照标识": "C{day}{no}", "入库时间": "{on} 12:00:00"},
}
_MONTHLY = ("extended", "ledger")


@dataclass(frozen=True)
class Morning:
    """`deliver` is called before the run; the rest is promised: published or not, what the alert says, bad rows."""

    on: date
    about: str
    deliver: Callable[[Fortnight], None]
    is_published: bool = True
    told: tuple[str, ...] = ()
    quarantined: int = 0
    complete: str | None = None
    is_short: bool = True
    """Whether the test runs on it; else only the benchmark does, and the test takes its files on the next one."""


@dataclass
class Fortnight:
    """A county in `path` and the day it is there."""

    path: Path
    rows: int = 60
    today: date = FIRST

    def __post_init__(self) -> None:
        self.county: County = make_county(self.path)
        for source, rhythm in RHYTHMS.items():
            self.change_mapping(source, lambda mapping, rhythm=rhythm: mapping | {"arrives": rhythm})
        with (self.county.jurisdiction / "holidays.csv").open("a", encoding="utf-8") as holidays:
            holidays.write("2022-07-04,地方节日,off,本县通知\n")

    @property
    def exports(self) -> Path:
        return self.county.home / "exports"

    @property
    def alerts(self) -> Path:
        return self.path / "alerts.txt"

    @contextmanager
    def frozen_clock(self) -> Iterator[None]:
        """Within it, the project's day is `today`."""
        with (
            mock.patch("dagster_project.freshness.find_today", lambda zone: self.today),
            mock.patch("dagster_project.alerts.tell.find_today", lambda zone: self.today),
        ):
            yield

    def run(self, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
        """The daily job, as schedule, sensor and command line run it."""
        published = self.county.home / "warehouse.duckdb"
        if published.is_symlink():  # a night has passed since, so no reader needs the version before
            os.utime(published, (0, 0), follow_symlinks=False)
        job = self.county.definitions().resolve_job_def("daily")
        with self.frozen_clock():
            return job.execute_in_process(instance=instance, raise_on_error=False)

    def change_mapping(self, source: str, change: Callable[[dict], dict]) -> None:
        path = self.county.jurisdiction / "sources" / f"{source}.yaml"
        mapping = change(yaml.safe_load(path.read_text(encoding="utf-8")))
        path.write_text(yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def deliver_base(self, history: int = 0) -> None:
        """Everything until the day before the fortnight, with `history` cases of the hall besides."""
        for path in sorted((MINIATURE / "exports").iterdir()):
            name = path.name.replace("_202206.", "_20220627.").replace("_20220630.", "_20220627.")
            (self.exports / name).write_bytes(path.read_bytes())
        if history:
            days = [FIRST - DAY * n for n in range(2, 180)]
            rows = [row for day in days for row in self._rows("hall_cases", day, history // len(days))]
            self._write("hall_cases", "hall_cases_history_20220627.csv", rows)

    def deliver(self, *days: date, without: tuple[str, ...] = (), only: tuple[str, ...] = tuple(_ROWS)) -> None:
        """The files of `days` that are named `only` and not `without`."""
        for day in days:
            for name in only:
                if name not in without:
                    rows = self._rows(name, day, self.rows if name == "hall_cases" else 1)
                    self._write(name, f"{name}_{day:%Y%m%d}.csv", rows)

    def spoil(self, column: str, value: str, rows: int) -> None:
        """Write `value` into `column` of the first rows of the hall's file of yesterday."""
        path = self.exports / f"hall_cases_{self.today - DAY:%Y%m%d}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            content = list(csv.DictReader(file))
        for row in content[:rows]:
            row[column] = value
        self._write("hall_cases", path.name, content)

    def deliver_month(self) -> None:
        """The office's own lists, which come once a month."""
        for name in _MONTHLY:
            content = next((MINIATURE / "exports").glob(f"{name}_*")).read_bytes()
            (self.exports / f"{name}_20220630.csv").write_bytes(content)

    def deliver_feedback_with_nulls(self) -> None:
        """The region's feedback of a second batch: ranks, units and the batch itself are empty."""
        head, *rows = next((MINIATURE / "exports").glob("indicators_*")).read_text(encoding="utf-8").splitlines()
        names = head.split(",")
        cells = [dict(zip(names, row.split(","), strict=True)) | {"排名": "\\N", "反馈批次": "NULL"} for row in rows]
        with (self.exports / "indicators_202208.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(cells)

    def _rows(self, name: str, day: date, count: int) -> Iterator[dict[str, str]]:
        template = _template(name)
        for number in range(count):
            parts = {"day": f"{day:%m%d}", "on": day.isoformat(), "no": f"{number:04}"}
            yield template | {column: text.format(**parts) for column, text in _ROWS[name].items()}

    def _write(self, name: str, file_name: str, rows) -> None:
        with (self.exports / file_name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(_template(name)))
            writer.writeheader()
            writer.writerows(rows)


def _template(name: str) -> dict[str, str]:
    """A usual row of the miniature's export of this name."""
    with next((MINIATURE / "exports").glob(f"{name}_*.csv")).open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def _june(day: int) -> date:
    return date(2022, 6, day)


def _july(day: int) -> date:
    return date(2022, 7, day)


def _without_hall(f: Fortnight) -> None:
    f.deliver(_june(28))
    f.deliver(_june(29), without=("hall_cases",))


def _late_file(f: Fortnight) -> None:
    f.deliver(_june(29), only=("hall_cases",))
    f.deliver(_june(30), _july(1))


def _bad_row_and_nulls(f: Fortnight) -> None:
    f.deliver(_july(5))
    f.spoil("受理时间", "昨天", rows=1)
    f.deliver_feedback_with_nulls()


def _new_code(f: Fortnight) -> None:
    f.deliver(_july(7))
    f.spoil("办件状态", NEW_CODE, rows=max(3, f.rows // 20))  # a share of the file blocks, however large it is


def _know_the_code(f: Fortnight) -> None:
    def change(mapping: dict) -> dict:
        mapping["exports"][0]["codes"] = {"status": {NEW_CODE: "in_progress"}}
        return mapping

    f.change_mapping("hall", change)
    f.deliver_month()
    f.deliver(_july(8), without=("certificates",))


MORNINGS = [
    Morning(FIRST, "the first run", Fortnight.deliver_base, is_short=False),
    Morning(_june(30), "the hall's file is late", _without_hall, told=("综合窗口系统",)),
    Morning(_july(2), "it comes, and June ends", _late_file, told=("已解除",), complete="2022H1"),
    Morning(_july(5), "nothing, after a weekend and a holiday of the county's own", lambda f: None),
    Morning(
        _july(6),
        "a bad row, nulls in the region's feedback, and the office's lists of June are not there",
        _bad_row_and_nulls,
        told=("审批局台账",),
        quarantined=1,
    ),
    Morning(_july(7), "the hall sends again", lambda f: f.deliver(_july(5), _july(6)), is_short=False),
    Morning(_july(8), "a code that no mapping knows", _new_code, is_published=False, told=("没有发布：1项核查未通过",)),
    Morning(
        _july(9),
        "the mapping knows it, the lists come, and certificates don't",
        _know_the_code,
        told=("电子证照系统", "已解除：没有发布", "已解除：来源“审批局台账”"),
    ),
    Morning(
        _july(11),
        "they come",
        lambda f: f.deliver(_july(8), only=("certificates",)),
        told=("已解除：来源“电子证照系统”",),
        is_short=False,
    ),
]
