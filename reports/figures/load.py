"""Reads the figures of one period, with their names, headings and labels, from the published marts.

It takes a connection to the warehouse and the period's key, and returns `Figures`, in which text, charts and documents
look up rows by figure, dimension and member. dbt counts every figure and the registry (dbt/figures) names it; nothing
is counted, worded or drawn here.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import duckdb

from reports.figures.history import DIMENSIONS, FIGURES, read_history
from reports.figures.labels import relabel
from reports.figures.model import Definition, Figure, Figures
from reports.words.catalogue import Words, load_words

_FIGURE_COLUMNS = (
    "period, figure, dimension, member, as_of_on, is_complete, numerator, denominator, value, unit,"
    " previous_value, year_ago_value"
)


class UnknownPeriod(LookupError):
    """The period asked for is not in the figures mart; the message names those that are."""


def load(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    bureau: str = "",
    words: Words | None = None,
    labels: Mapping[str, Any] = MappingProxyType({}),
) -> Figures:
    """Reads the figures of a period, of its months and of its history; `bureau` is the office named in source lines.

    `words` is the language of the bulletin, Chinese where it is left out; `labels` are the jurisdiction's own names of
    figures, dimensions and members (labels.py). Raises UnknownWords where they name something else.

    Raises UnknownPeriod, naming the periods present, where the mart has no row of the period.
    """
    words = words or load_words("zh")
    head = _period_row(connection, period)
    name, city_word = connection.execute("select name, city_word from reference.jurisdiction").fetchone()
    is_synthetic = connection.execute(
        "select coalesce(bool_or(is_synthetic), false) from quality.files where verdict = 'loaded'"
    ).fetchone()[0]
    months = [
        row[0]
        for row in connection.execute(
            "select period from marts.dim_periods where kind = 'month' and starts_on >= ? and starts_on <= ?"
            " order by starts_on",
            [head["starts_on"], head["as_of_on"]],
        ).fetchall()
    ]
    wanted = [period, *months, *(p for p in (head["previous_period"], head["year_ago_period"]) if p)]
    history = read_history(connection, head["kind"], head["as_of_on"])
    periods = connection.execute("select period from marts.dim_periods").fetchall()
    names = {key: words.period_name(key) for (key,) in periods}
    as_of = head["as_of_on"]
    # synthetic numbers must not name a real office as their source
    origin = words("synthetic") if is_synthetic else bureau or name
    read = Figures(
        period=period,
        name=words.period_name(period),
        short_name=words.short_period_name(period),
        kind=head["kind"],
        starts_on=head["starts_on"],
        ends_on=head["ends_on"],
        as_of_on=as_of,
        is_complete=head["is_complete"],
        is_synthetic=is_synthetic,
        city_word=city_word,
        jurisdiction_name=name,
        bureau=bureau,
        source_line=words("source", origin=origin, day=words.day(as_of)),
        definitions=_definitions(connection),
        dimension_names=dict(connection.execute("select dimension, name from marts.dimension_definitions").fetchall()),
        labels={
            (dimension, member): label
            for dimension, member, label in connection.execute(
                "select dimension, member, label from marts.dimension_members"
            ).fetchall()
        },
        figure_dimensions=dict(
            connection.execute(
                "select figure, list(dimension order by dimension) from marts.figure_dimensions group by figure"
            ).fetchall()
        ),
        period_names=names,
        month_keys=tuple(months),
        # the period before a year is the year before, so a year has 同比 only
        rows=_rows(connection, wanted, [span.period for span in history], period if head["kind"] == "year" else None),
        table=connection.execute(
            f"select {_FIGURE_COLUMNS} from marts.figures where period = ? order by figure, dimension, member",
            [period],
        ).df(),
        previous_name=names.get(head["previous_period"], "") if head["kind"] != "year" else "",
        year_ago_name=names.get(head["year_ago_period"], ""),
        covered_from=head["data_from_on"],
        absent=_absent(connection, period, words),
        history=history,
        words=words,
    )
    return relabel(read, labels)


def _period_row(connection: duckdb.DuckDBPyConnection, period: str) -> dict:
    columns = "kind, starts_on, ends_on, as_of_on, data_from_on, is_complete, previous_period, year_ago_period"
    row = connection.execute(
        f"select {columns} from marts.dim_periods"
        " where period = ? and exists (select 1 from marts.figures f where f.period = ?)",
        [period, period],
    ).fetchone()
    if row is None:
        present = connection.execute("select distinct period from marts.figures order by period").fetchall()
        known = ", ".join(key for (key,) in present) or "none: run the pipeline first"
        raise UnknownPeriod(f"no figures for period {period!r}; periods with figures: {known}")
    return dict(zip(columns.split(", "), row, strict=True))


def _absent(connection: duckdb.DuckDBPyConnection, period: str, words: Words) -> dict[tuple[str, str, str | None], str]:
    """What no export supplies, by the figure, dimension and member (None: all) that has no row for want of it."""
    reason = "reason" if words.code == "zh" else "reason_en"
    rows = connection.execute(
        f"select figure, dimension, member, {reason} from marts.figures_absent where period = ? order by all", [period]
    ).fetchall()
    return {row[:3]: row[3] for row in rows}


def _definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, Definition]:
    rows = connection.execute(
        "select figure, name, basis, unit, direction, style, decimals,"
        " coalesce(numerator_words, ''), coalesce(denominator_words, ''),"
        " heading, coalesce(numerator_heading, ''), coalesce(denominator_heading, '')"
        " from marts.figure_definitions order by list_order"
    ).fetchall()
    return {row[0]: Definition(*row) for row in rows}


def _rows(
    connection: duckdb.DuckDBPyConnection, periods: list[str], history: list[str], without_previous: str | None
) -> dict[tuple[str, str, str], tuple[Figure, ...]]:
    groups: dict[tuple[str, str, str], list[Figure]] = {}
    for row in connection.execute(
        "select period, figure, dimension, member, value, numerator, denominator, previous_value, year_ago_value, unit"
        " from marts.figures left join marts.dimension_members using (dimension, member)"
        " where list_contains(?, period)"
        " or list_contains(?, period) and list_contains(?, figure) and list_contains(?, dimension)"
        " order by period, figure, dimension, list_order nulls last, member",
        [periods, history, list(FIGURES), list(DIMENSIONS)],
    ).fetchall():
        figure = Figure(*row)
        if figure.period == without_previous:
            figure = replace(figure, previous_value=None)
        groups.setdefault((figure.period, figure.figure, figure.dimension), []).append(figure)
    return {key: tuple(rows) for key, rows in groups.items()}
