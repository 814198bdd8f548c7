"""Reads what only optional blocks print: parts of a figure by day and by item, idle windows, free days, revisions,
and how a province's counties have reported.

It takes the `Figures` of a period and the names of the blocks that are on, and returns the same `Figures` with these
added. dbt counts them (marts.figure_parts); nothing is counted here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd

from reports.figures.model import CountyReport, Figure, Figures, Leader
from reports.figures.revised import Revised

# the dimension of case_volume that a block prints, and the order of its members
_PARTS = {"calendar": ("day", "member"), "rankings": ("item", "value desc, member")}


def add_details(
    figures: Figures, connection: duckdb.DuckDBPyConnection, blocks: Sequence[str], revised: Revised | None = None
) -> Figures:
    """The figures with what the blocks `calendar`, `rankings`, `county` and `revisions` need beyond the mart's rows.

    Rows are case_volume by 'day' (2022-06-01) and by 'item' (its name). Revisions are those of the last released
    version, or, where nothing was released yet, of what was published before.
    """
    rows, queries = dict(figures.rows), {}
    for block, (dimension, order) in _PARTS.items():
        if block in blocks:
            query = _query(figures, "case_volume", dimension, order)
            unit = figures.definition("case_volume").unit
            rows[figures.period, "case_volume", dimension] = tuple(
                Figure(figures.period, "case_volume", dimension, member, value, value, None, None, None, unit)
                for member, value in connection.execute(query).fetchall()
            )
            queries["case_volume", dimension] = query
    return replace(
        figures,
        rows=rows,
        queries=queries,
        # without exports of cases every window would pass for idle
        idle_windows=(
            _read_members(figures, connection, "case_volume", "window")
            if "rankings" in blocks and not figures.why_absent("case_volume")
            else ()
        ),
        free_days=_read_free_days(figures, connection) if "calendar" in blocks else frozenset(),
        revised_version=revised.version if revised else "",
        why=revised.why if revised else "",
        revisions=_read_revisions(figures, connection, revised),
        county_count=len(_read_members(figures, connection, "county_rank", "county")) if "county" in blocks else 0,
        leaders=_read_leaders(figures, connection) if "county" in blocks else {},
        reports=_read_reports(figures, connection) if figures.places == "county" else (),
        compared=_read_compared(figures, connection) if figures.places == "county" else (),
    )


def _query(figures: Figures, figure: str, dimension: str, order: str = "member") -> str:
    return (
        f"select member, value from marts.figure_parts where period = '{figures.period}'"
        f" and figure = '{figure}' and dimension = '{dimension}' order by {order}"
    )


def _read_members(
    figures: Figures, connection: duckdb.DuckDBPyConnection, figure: str, dimension: str
) -> tuple[str, ...]:
    return tuple(member for member, _ in connection.execute(_query(figures, figure, dimension)).fetchall())


def _read_leaders(figures: Figures, connection: duckdb.DuckDBPyConnection) -> dict[str, Leader]:
    """The first of each indicator; a member of these parts reads indicator/unit/county."""
    leaders: dict[str, Leader] = {}
    for member in _read_members(figures, connection, "county_gap", "leader"):
        indicator, unit, county = member.split("/", 2)
        names = leaders[indicator].names if indicator in leaders else ()
        leaders[indicator] = Leader((*names, county), unit)
    return leaders


def _read_reports(figures: Figures, connection: duckdb.DuckDBPyConnection) -> tuple[CountyReport, ...]:
    """How the counties of a province stand, in its order; a member of these parts reads state/last day/county."""
    reports = []
    for member, value in connection.execute(_query(figures, "case_volume", "report")).fetchall():
        state, covered, county = member.split("/", 2)
        reports.append(CountyReport(county, state, date.fromisoformat(covered) if covered else None, value > 0))
    order = figures.members("county")
    return tuple(sorted(reports, key=lambda report: order.index(report.name)))


def _read_compared(figures: Figures, connection: duckdb.DuckDBPyConnection) -> tuple[tuple, ...]:
    query = """
        select county_code, county_name, indicator, value, unit, rank
        from marts.fct_county_indicators semi join marts.dim_members using (county_code)
        where period = $1 order by indicator, rank, county_code
    """
    return tuple(connection.execute(query, [figures.period]).fetchall())


def _read_free_days(figures: Figures, connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    days = connection.execute(
        "select strftime(date_on, '%Y-%m-%d') from marts.dim_date where not is_working_day and date_on between ? and ?",
        [figures.starts_on, figures.as_of_on],
    ).fetchall()
    return frozenset(day for (day,) in days)


def _read_revisions(
    figures: Figures, connection: duckdb.DuckDBPyConnection, revised: Revised | None
) -> tuple[tuple, ...]:
    if revised:
        today = {
            (row.figure, row.dimension, row.member): row.value
            for row in figures.table[["figure", "dimension", "member", "value"]].astype(object).itertuples(index=False)
        }
        today = {key: None if pd.isna(value) else value for key, value in today.items()}
        keys = sorted(today.keys() | revised.values.keys())
        rows = [(*key, revised.values.get(key), today.get(key)) for key in keys]
        return tuple(row for row in rows if row[3] != row[4] and row[0] in figures.definitions)
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'marts' and table_name = 'revisions'"
    ).fetchone()[0]
    if not found:
        return ()
    # If a figure was revised several times, give the value that was published first and the present value.
    # Rows are only ever added, so rowid is the order of time; run ids are random.
    rows = connection.execute(
        "select figure, dimension, member, first(old_value order by rowid), last(new_value order by rowid)"
        " from marts.revisions where period = ? group by all order by all",
        [figures.period],
    ).fetchall()
    return tuple(row for row in rows if row[0] in figures.definitions)
