"""Which periods a bulletin can be made for, and which one a run makes when nobody says.

Periods are named by metrics' keys ('2022-06', '2022Q2', '2022H1', '2022') and never read off the clock. It
hands on the partitions and the period that exports have completed.
"""

import re
from datetime import date, timedelta

import dagster as dg

from dagster_project import settings
from ingest.jurisdiction import load_jurisdiction
from ingest.landing.claim import claim_files, last_day_covered
from ingest.mapping.load import load_contracts, load_sources

PERIODS = dg.DynamicPartitionsDefinition(name="period")


_KEY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])|Q[1-4]|H[12])?", re.ASCII)


class NoPeriod(Exception):
    """The exports complete no period of the kind that the jurisdiction publishes."""


def latest_complete() -> str:
    """The newest period of the jurisdiction's kind that all continuous exports cover wholly; raises NoPeriod."""
    folder = settings.jurisdiction()
    exports = settings.home() / "exports"
    covered = last_day_covered(claim_files(exports, load_sources(folder)), load_contracts())
    if covered is None:
        raise NoPeriod(
            f"{exports} holds no dated export that a mapping of {folder.name} claims; "
            "put exports there, see `tongbao sources check`, or run `tongbao sample`"
        )
    kind = load_jurisdiction(folder).bulletin["default_kind"]
    day = covered
    while True:
        key = period_of(day, kind)
        if period_of(day + timedelta(days=1), kind) != key:
            return key
        day -= timedelta(days=1)


def is_period(key: str) -> bool:
    """Whether `key` is written as periods are, be there figures of it or not."""
    return _KEY.fullmatch(key) is not None


def period_of(day: date, kind: str) -> str:
    """The key of the period of `kind` (month, quarter, half, year) that holds `day`."""
    match kind:
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}Q{(day.month + 2) // 3}"
        case "half":
            return f"{day.year}H{(day.month + 5) // 6}"
        case _:
            return str(day.year)
