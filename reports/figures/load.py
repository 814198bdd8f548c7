"""Here the figures of one period are read from the figures mart and looked up by name, dimension and member.
Counting stays out, because dbt holds the one definition of each figure, and so do words and pictures.
It hands a `Figures` object to wording, charts, template and document.
"""

from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import pandas as pd

SYNTHETIC_LABEL = "样例（合成数据）"

# Members with an order of their own; towns follow the office's list, all others their spelling.
_MEMBER_ORDER = {
    "venue": ("hall", "township"),
    "channel": ("counter", "web", "mobile", "post", "other"),
    "case_type": ("immediate", "promised", "other"),
    "mode": ("online", "offline"),
    "level": ("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
    "rule": ("首问负责", "一次性告知", "限时办结", "延时服务"),
    "indicator": ("事项覆盖率", "超期未办件", "好差评评价率", "电子证照入库量", "电子证照种类"),
}

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
    """What a figure counts, as the registry (marts.figure_definitions) says it."""

    figure: str
    name: str
    basis: str
    unit: str
    direction: str
    style: str
    decimals: int
    numerator_words: str
    denominator_words: str


@dataclass(frozen=True)
class Figures:
    """All figures of one period, with those of its months and of the periods it is compared with."""

    period: str
    name: str
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
    source_names: dict[str, str]
    month_keys: tuple[str, ...]
    rows: dict[tuple[str, str, str], tuple[Figure, ...]]
    table: pd.DataFrame
    previous_name: str = ""  # of the periods compared with; '' where the mart has no such period
    year_ago_name: str = ""
    # what reports.detail adds for optional blocks
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
        source_names=dict(connection.execute("select source, name from reference.sources").fetchall()),
        month_keys=tuple(months),
        # the period before a year is the year before: one comparison, said once
        rows=_rows(connection, wanted, period if head["kind"] == "year" else None),
        table=connection.execute(
            f"select {_FIGURE_COLUMNS} from marts.figures where period = ? order by figure, dimension, member",
            [period],
        ).df(),
        previous_name=names.get(head["previous_period"], "") if head["kind"] != "year" else "",
        year_ago_name=names.get(head["year_ago_period"], ""),
    )


def _period_row(connection: duckdb.DuckDBPyConnection, period: str) -> dict:
    columns = "kind, name, starts_on, ends_on, as_of_on, is_complete, previous_period, year_ago_period"
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
        " coalesce(numerator_words, ''), coalesce(denominator_words, '')"
        " from marts.figure_definitions order by rowid"  # the registry's own order
    ).fetchall()
    return {row[0]: Definition(*row) for row in rows}


def _rows(
    connection: duckdb.DuckDBPyConnection, periods: list[str], without_previous: str | None
) -> dict[tuple[str, str, str], tuple[Figure, ...]]:
    towns = connection.execute(
        "select printed_name from reference.regions where is_listed order by list_order, printed_name"
    ).fetchall()
    orders = {**_MEMBER_ORDER, "town": tuple(town for (town,) in towns)}
    groups: dict[tuple[str, str, str], list[Figure]] = {}
    for row in connection.execute(
        "select period, figure, dimension, member, value, numerator, denominator,"
        " previous_value, year_ago_value, unit from marts.figures where list_contains(?, period)",
        [periods],
    ).fetchall():
        figure = Figure(*row)
        if figure.period == without_previous:
            figure = replace(figure, previous_value=None)
        groups.setdefault((figure.period, figure.figure, figure.dimension), []).append(figure)

    def position(row: Figure) -> tuple[int, str]:
        order = orders.get(row.dimension, ())
        return (order.index(row.member) if row.member in order else len(order), row.member)

    return {key: tuple(sorted(rows, key=position)) for key, rows in sorted(groups.items())}
