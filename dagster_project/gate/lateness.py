"""Which sources are late: the last day that a source's loaded exports cover, against its rhythm and the calendar.

`judge_sources` reads the ledger and `reference.calendar` of an open warehouse. A rhythm is declared as `arrives` in a
source's mapping; a source without one is never late. What happens about a late source belongs to the asset check
`arrives_in_time` and to `alerts`. The result depends on the day, so it isn't entered into what is published.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import Source
from ingest.mapping.load import load_contracts

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """Until which day a source is loaded, and until which it should be; None: nothing is loaded."""

    source: Source
    covers_until: date | None
    expected_until: date

    @property
    def is_late(self) -> bool:
        return self.covers_until is None or self.covers_until < self.expected_until


def find_today(timezone: str) -> date:
    """The day it is now in `timezone`."""
    return datetime.now(ZoneInfo(timezone)).date()


def judge_sources(
    connection: DuckDBPyConnection, sources: Sequence[Source], today: date, weekend: Collection[int]
) -> Iterator[Lateness]:
    """The lateness of each source that declares a rhythm.

    A source that exports several datasets is loaded until the day that all of them cover; a dataset that no file says
    days of, or that was never delivered, doesn't count.
    """
    timeless = [name for name, contract in load_contracts().items() if contract.is_timeless]
    covered = dict(
        connection.execute(
            """
            select source, min(covers_until) from (
                select source, dataset, max(covers_until) as covers_until from quality.files
                where verdict = 'loaded' and not list_contains($1, dataset) group by source, dataset
            ) group by source
            """,
            [timeless],
        ).fetchall()
    )
    calendar = dict(connection.execute("select date_on, is_working_day from reference.calendar").fetchall())

    def is_working_day(day: date) -> bool:
        return calendar.get(day, day.isoweekday() not in weekend)

    for source in sources:
        if source.arrives:
            yield Lateness(source, covered.get(source.source), find_expected(source.arrives, today, is_working_day))


def find_expected(rhythm: str, today: date, is_working_day: Callable[[date], bool]) -> date:
    """The last day that exports of this rhythm must cover on the morning of `today`.

    daily: yesterday. working_days: the last working day before today, so nothing is asked for in a holiday. monthly by
    5: the whole last month once the 5th is over, or, if that is no working day, the next working day.
    """
    if rhythm == "daily":
        return today - DAY
    if rhythm == "working_days":
        return _find_day(today - DAY, is_working_day, -DAY)
    last_of_month = today.replace(day=1) - DAY
    due_on = _find_day(today.replace(day=int(rhythm.rsplit(" ", 1)[1])), is_working_day, DAY)
    return last_of_month if today > due_on else last_of_month.replace(day=1) - DAY


def _find_day(day: date, is_working_day: Callable[[date], bool], step: timedelta) -> date:
    while not is_working_day(day):
        day += step
    return day
