"""The periods that charts of history show up to one period: 13 months up to a month, 8 quarters up to any longer one.

It takes a connection to the warehouse, the kind of a period and its as-of day, and returns these periods, oldest first.
Their figures are rows of the mart like any others; how they are drawn is decided in reports/charts.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

# the figures whose course is drawn, each as a whole and by town, or in a province by county
FIGURES = ("case_volume", "overdue_open")
DIMENSIONS = ("total", "town", "county")
_MONTHS, _QUARTERS = 13, 8


@dataclass(frozen=True, slots=True)
class Span:
    """A period of a history; one that is not complete has begun before the data do, or goes on after its as-of day."""

    period: str
    starts_on: date
    as_of_on: date
    is_complete: bool


def read_history_of(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[Span, ...]:
    """The history up to a period of the warehouse; () for one that it doesn't have."""
    found = connection.execute("select kind, as_of_on from marts.dim_periods where period = ?", [period]).fetchone()
    return read_history(connection, *found) if found else ()


def read_history(connection: duckdb.DuckDBPyConnection, kind: str, as_of_on: date) -> tuple[Span, ...]:
    """The newest months or quarters that have begun by `as_of_on`, oldest first; fewer where the data begin later."""
    unit, most = ("month", _MONTHS) if kind == "month" else ("quarter", _QUARTERS)
    rows = connection.execute(
        "select period, coalesce(data_from_on, starts_on), as_of_on, is_complete from marts.dim_periods"
        " where kind = ? and starts_on <= ? order by starts_on desc limit ?",
        [unit, as_of_on, most],
    ).fetchall()
    return tuple(Span(*row) for row in reversed(rows))
