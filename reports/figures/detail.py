"""Here the parts of the volume that only optional blocks show are counted: by day, by item, idle windows.
Figures with a row in the mart stay out; whatever is counted here adds up to the mart's volume or is refused.
It hands render the same `Figures` with these rows, and notes the SQL that yields them.
"""

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pandas as pd

from reports.figures.load import Figure, Figures
from reports.figures.revised import Revised

_SPAN = "accepted_on between date '{start}' and date '{end}'"
_PARTS = {
    "calendar": ("day", "strftime(accepted_on, '%Y-%m-%d')"),
    "rankings": ("item", "coalesce(item_name, item_code, '未注明')"),
}
_ORDER = {"day": "member", "item": "value desc, member"}


class DetailMismatch(ValueError):
    """Days or items do not add up to the volume in marts.figures: facts and figures are of different builds."""


def added(
    figures: Figures, connection: duckdb.DuckDBPyConnection, blocks: Sequence[str], revised: Revised | None = None
) -> Figures:
    """The figures with what the blocks `calendar`, `rankings`, `county` and `revisions` need beyond the mart's rows.

    Rows are case_volume by 'day' (2022-06-01) and by 'item' (its name). Revisions are those of the last released
    version, or, where nothing was released yet, of what was published before. Raises DetailMismatch.
    """
    rows, queries = dict(figures.rows), {}
    for block, (dimension, member) in _PARTS.items():
        if block not in blocks:
            continue
        span = _SPAN.format(start=figures.starts_on, end=figures.as_of_on)
        sql = (
            f"select '{figures.period}' as period, {member} as member, count(*) as value\n"
            f"from marts.fct_cases where {span}\ngroup by member order by {_ORDER[dimension]}"
        )
        parts = [
            Figure(figures.period, "case_volume", dimension, name, float(count), float(count), None, None, None, "件")
            for _, name, count in connection.execute(sql).fetchall()
        ]
        _check(figures, parts)
        rows[figures.period, "case_volume", dimension] = tuple(parts)
        queries["case_volume", dimension] = sql
    return replace(
        figures,
        rows=rows,
        queries=queries,
        idle_windows=_idle(figures, connection) if "rankings" in blocks else (),
        free_days=_free_days(figures, connection) if "calendar" in blocks else frozenset(),
        revised_version=revised.version if revised else "",
        why=revised.why if revised else "",
        revisions=_revisions(figures, connection, revised) if "revisions" in blocks else (),
        county_count=_county_count(figures, connection) if "county" in blocks else 0,
    )


def _check(figures: Figures, parts: list[Figure]) -> None:
    volume = figures.get("case_volume")
    counted = sum(part.value for part in parts)
    if volume is not None and volume.value != counted:
        raise DetailMismatch(
            f"marts.fct_cases holds {counted:.0f} cases of {figures.period}, marts.figures says {volume.value:.0f};"
            " run the pipeline again, so that both are built together"
        )


def _idle(figures: Figures, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Hall windows of the office's list without a case in the period."""
    listed = connection.execute(
        "select printed_name from marts.dim_organisations where venue = 'hall' and keeps_ledger order by printed_name"
    ).fetchall()
    busy = {row.member for row in figures.by("case_volume", "org") if row.value}
    return tuple(name for (name,) in listed if name not in busy)


def _free_days(figures: Figures, connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    found = connection.execute(
        "select strftime(date_on, '%Y-%m-%d') from marts.dim_date where not is_working_day and date_on between ? and ?",
        [figures.starts_on, figures.as_of_on],
    ).fetchall()
    return frozenset(day for (day,) in found)


def _revisions(figures: Figures, connection: duckdb.DuckDBPyConnection, revised: Revised | None) -> tuple[tuple, ...]:
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
    # of several revisions of a figure the reader wants the first value that was published and today's;
    # rows are only ever added, while a run's id says nothing of when it was
    rows = connection.execute(
        "select figure, dimension, member, first(old_value order by rowid), last(new_value order by rowid)"
        " from marts.revisions where period = ? group by all order by all",
        [figures.period],
    ).fetchall()
    return tuple(row for row in rows if row[0] in figures.definitions)


def _county_count(figures: Figures, connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute(
        "select count(distinct county_code) from marts.fct_county_indicators where period = ?", [figures.period]
    ).fetchone()[0]
