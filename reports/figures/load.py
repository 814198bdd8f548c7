"""Read the figures of one period, with their names, headings and labels, from the published marts.

It takes a connection to the warehouse and the period's key, and returns `Figures`, in which text, charts and documents
look up rows by figure, dimension and member. dbt counts every figure and the registry (dbt/figures) names it; nothing
is counted, worded or drawn here.
"""

from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import pandas as pd

SYNTHETIC_LABEL = "样例（合成数据）"

_FIGURE_COLUMNS = (
    "period, figure, dimension, member, as_of_on, is_complete, numerator, denominator, value, unit,"
    " previous_value, year_ago_value"
)


class UnknownPeriod(LookupError):
    """The period asked for is not in the figures mart; the message names those that are."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of marts.figures: a number the bulletin may print (rates and shares as fractions of 1)."""

    period: str
    figure: str
    dimension: str
    member: str
    value: float | None
    numerator: float | None
    denominator: float | None
    previous_value: float | None
    year_ago_value: float | None
    unit: str

    @property
    def id(self) -> str:
        """period/figure/dimension/member: the name by which every printed number points at its row."""
        return f"{self.period}/{self.figure}/{self.dimension}/{self.member}"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, what it counts and how it is printed: its row of marts.figure_definitions."""

    figure: str
    name: str
    basis: str
    unit: str
    direction: str
    style: str
    decimals: int
    numerator_words: str
    denominator_words: str
    heading: str
    numerator_heading: str
    denominator_heading: str

    @property
    def is_fraction(self) -> bool:
        """Whether its value is a fraction of 1, printed in %."""
        return self.style in ("share", "rate")

    @property
    def printed_unit(self) -> str:
        """The unit beside a printed value; '' for a fraction, which is printed with its own sign."""
        return "" if self.is_fraction else self.unit

    @property
    def titled(self) -> str:
        """Its name, with the unit of its values in brackets: 办件量（件）."""
        return f"{self.name}（{self.printed_unit}）" if self.printed_unit else self.name

    def column_heading(self, part: str = "value") -> str:
        """The heading of a column that shows this part of it: value, numerator or denominator."""
        match part:
            case "numerator":
                return self.numerator_heading
            case "denominator":
                return self.denominator_heading
        return self.heading


@dataclass(frozen=True)
class Figures:
    """All figures of one period, with those of its months and of the periods it is compared with."""

    period: str
    name: str  # 2022年上半年
    short_name: str  # 上半年
    kind: str
    starts_on: date
    ends_on: date
    as_of_on: date
    is_complete: bool
    is_synthetic: bool
    city_word: str
    jurisdiction_name: str
    bureau: str
    source_line: str
    definitions: dict[str, Definition]
    dimension_names: dict[str, str]
    labels: dict[tuple[str, str], str]  # printed name of a member, by dimension and member, where it has one
    period_names: dict[str, str]
    month_keys: tuple[str, ...]
    rows: dict[tuple[str, str, str], tuple[Figure, ...]]
    table: pd.DataFrame
    previous_name: str = ""  # of the periods compared with; '' where the mart has no such period
    year_ago_name: str = ""
    # what detail.add_details adds for optional blocks
    queries: dict[tuple[str, str], str] = field(default_factory=dict)  # SQL of rows that aren't the mart's
    idle_windows: tuple[str, ...] = ()  # hall windows without a case
    free_days: frozenset[str] = frozenset()  # days of the period that are no working days
    revisions: tuple[tuple, ...] = ()  # figure, dimension, member, value as published before, value now
    revised_version: str = ""  # the released version that these are revised from; '' where nothing was released yet
    why: str = ""  # they are revised, in the office's words
    county_count: int = 0  # counties that the region ranks

    def get(
        self, figure: str, dimension: str = "total", member: str = "total", period: str | None = None
    ) -> Figure | None:
        """The one row of a figure, or None where the mart has none."""
        for row in self.by(figure, dimension, period):
            if row.member == member:
                return row
        return None

    def by(self, figure: str, dimension: str, period: str | None = None) -> list[Figure]:
        """The rows of a figure by dimension: towns in the office's order, others in their own."""
        return list(self.rows.get((period or self.period, figure, dimension), ()))

    def months(self) -> list[str]:
        """Keys of the months within the period that have begun by its as-of day."""
        return list(self.month_keys)

    def frame(self) -> pd.DataFrame:
        """Every row of the period as marts.figures has it, ordered by figure, dimension and member."""
        return self.table.copy()

    def definition(self, figure: str) -> Definition:
        """The registry's entry of a figure; KeyError where there is none."""
        return self.definitions[figure]

    def label(self, dimension: str, member: str) -> str:
        """The printed name of a member (venue hall is 窗口); a member without one is printed as it is."""
        return self.labels.get((dimension, member), member)

    def dimension_name(self, dimension: str) -> str:
        """The printed name of a dimension (org is 单位); KeyError where the registry has none."""
        return self.dimension_names[dimension]

    def dimensions(self, figure: str) -> list[str]:
        """The dimensions a figure has rows for in this period, in alphabetical order."""
        return sorted(dim for period, name, dim in self.rows if period == self.period and name == figure)


def load(connection: duckdb.DuckDBPyConnection, period: str, bureau: str = "") -> Figures:
    """Reads the figures of a period and of its months; `bureau` is the office named in source lines.

    Raises UnknownPeriod, naming the periods present, where the mart has no row of the period.
    """
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
    names = dict(connection.execute("select period, name from marts.dim_periods").fetchall())
    as_of = head["as_of_on"]
    # no real office is named as the source of numbers that were made up
    origin = SYNTHETIC_LABEL if is_synthetic else bureau or name
    source = f"来源：{origin}。截至{as_of.year}年{as_of.month}月{as_of.day}日。"
    return Figures(
        period=period,
        name=head["name"],
        short_name=head["short_name"],
        kind=head["kind"],
        starts_on=head["starts_on"],
        ends_on=head["ends_on"],
        as_of_on=as_of,
        is_complete=head["is_complete"],
        is_synthetic=is_synthetic,
        city_word=city_word,
        jurisdiction_name=name,
        bureau=bureau,
        source_line=source,
        definitions=_definitions(connection),
        dimension_names=dict(connection.execute("select dimension, name from marts.dimension_definitions").fetchall()),
        labels={
            (dimension, member): label
            for dimension, member, label in connection.execute(
                "select dimension, member, label from marts.dimension_members"
            ).fetchall()
        },
        period_names=names,
        month_keys=tuple(months),
        # the period before a year is the year before: the comparison is printed once
        rows=_rows(connection, wanted, period if head["kind"] == "year" else None),
        table=connection.execute(
            f"select {_FIGURE_COLUMNS} from marts.figures where period = ? order by figure, dimension, member",
            [period],
        ).df(),
        previous_name=names.get(head["previous_period"], "") if head["kind"] != "year" else "",
        year_ago_name=names.get(head["year_ago_period"], ""),
    )


def _period_row(connection: duckdb.DuckDBPyConnection, period: str) -> dict:
    columns = "kind, name, short_name, starts_on, ends_on, as_of_on, is_complete, previous_period, year_ago_period"
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


def _definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, Definition]:
    rows = connection.execute(
        "select figure, name, basis, unit, direction, style, decimals,"
        " coalesce(numerator_words, ''), coalesce(denominator_words, ''),"
        " heading, coalesce(numerator_heading, ''), coalesce(denominator_heading, '')"
        " from marts.figure_definitions order by list_order"
    ).fetchall()
    return {row[0]: Definition(*row) for row in rows}


def _rows(
    connection: duckdb.DuckDBPyConnection, periods: list[str], without_previous: str | None
) -> dict[tuple[str, str, str], tuple[Figure, ...]]:
    groups: dict[tuple[str, str, str], list[Figure]] = {}
    for row in connection.execute(
        "select period, figure, dimension, member, value, numerator, denominator, previous_value, year_ago_value, unit"
        " from marts.figures left join marts.dimension_members using (dimension, member)"
        " where list_contains(?, period) order by period, figure, dimension, list_order nulls last, member",
        [periods],
    ).fetchall():
        figure = Figure(*row)
        if figure.period == without_previous:
            figure = replace(figure, previous_value=None)
        groups.setdefault((figure.period, figure.figure, figure.dimension), []).append(figure)
    return {key: tuple(rows) for key, rows in groups.items()}
