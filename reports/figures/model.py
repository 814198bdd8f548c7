"""The figures of a period as plain values: rows of marts.figures, their definitions, names and labels.

`Figures` is what text, charts and documents look numbers up in. load.py reads it from the warehouse, and detail.py adds
what optional blocks print. Nothing is counted, worded or drawn here.
"""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from reports.figures.history import Span
from reports.words.catalogue import LANGUAGES, Words, load_words

# The member of a dimension for rows that don't say which member they belong to, in each language: dbt's `unstated`.
UNSTATED = frozenset(load_words(code)("unstated") for code in LANGUAGES)


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

    @property
    def is_unstated(self) -> bool:
        """Whether it counts what names no member: part of a sum, but never ranked, averaged or named as a member."""
        return self.member in UNSTATED


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

    def column_heading(self, part: str = "value") -> str:
        """The heading of a column that shows this part of it: value, numerator or denominator."""
        match part:
            case "numerator":
                return self.numerator_heading
            case "denominator":
                return self.denominator_heading
        return self.heading


@dataclass(frozen=True, slots=True)
class ChartTitle:
    """What the office's text calls a chart; '' where the chart's own words stay."""

    headline: str = ""
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who has the first rank of an indicator that the region feeds back (several that are equal), and its unit."""

    names: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class CountyReport:
    """How a county of a province stands: `state` is that of marts.dim_members, `is_counted` for this period.

    `covered_until` is known of a county that doesn't count.
    """

    name: str
    state: str
    covered_until: date | None
    is_counted: bool


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
    figure_dimensions: dict[str, list[str]]  # those that the registry divides a figure by
    period_names: dict[str, str]
    month_keys: tuple[str, ...]
    rows: dict[tuple[str, str, str], tuple[Figure, ...]]
    table: pd.DataFrame
    previous_name: str = ""  # name of the period that 环比 compares with; '' if the mart has no such period
    year_ago_name: str = ""
    covered_from: date | None = None  # the day the data begin, where that is later than the first day of the period
    history: tuple[Span, ...] = ()  # the periods that charts of history show, oldest first
    words: Words = field(default_factory=lambda: load_words("zh"))  # the language of the bulletin
    chart_titles: dict[str, ChartTitle] = field(default_factory=dict)  # by key of the chart
    # why no loaded export supplies a figure, by figure, dimension and member; member None: the whole dimension
    absent: dict[tuple[str, str, str | None], str] = field(default_factory=dict)
    # what detail.add_details adds for optional blocks
    queries: dict[tuple[str, str], str] = field(default_factory=dict)  # SQL of rows that are not in marts.figures
    idle_windows: tuple[str, ...] = ()  # hall windows without a case
    free_days: frozenset[str] = frozenset()  # days of the period that are no working days
    revisions: tuple[tuple, ...] = ()  # figure, dimension, member, value as published before, value now
    revised_version: str = ""  # the released version that these revise; '' if none is released yet
    why: str = ""  # the reason of the revisions, in the office's words
    county_count: int = 0  # counties that the region ranks
    reports: tuple[CountyReport, ...] = ()  # of a province, how each county stands
    compared: tuple[tuple, ...] = ()  # code, county, indicator, value, unit, rank
    leaders: dict[str, Leader] = field(default_factory=dict)  # by indicator

    @property
    def begins_on(self) -> date:
        """The first day that the period's figures cover."""
        return self.covered_from or self.starts_on

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

    @property
    def places(self) -> str:
        """The dimension of the places that are compared: counties in a province, else townships."""
        return "county" if any(dimension == "county" for _, _, dimension in self.rows) else "town"

    def why_absent(self, figure: str, dimension: str = "total", member: str = "total") -> str:
        """What no loaded export supplies, so that the figure has no row; '' where one does."""
        return self.absent.get((figure, dimension, member)) or self.absent.get((figure, dimension, None), "")

    def months(self) -> list[str]:
        """Keys of the months within the period that have begun by its as-of day."""
        return list(self.month_keys)

    def frame(self) -> pd.DataFrame:
        """Every row of the period as marts.figures has it, ordered by figure, dimension and member."""
        return self.table.copy()

    def definition(self, figure: str) -> Definition:
        """The registry's entry of a figure; KeyError where there is none."""
        return self.definitions[figure]

    def titled(self, figure: str) -> str:
        """A figure's name, with the unit of its values in brackets: 办件量（件）."""
        definition = self.definition(figure)
        return self.words.titled(definition.name, definition.printed_unit)

    def label(self, dimension: str, member: str) -> str:
        """The printed name of a member (venue hall is 窗口); a member without one is printed as it is."""
        return self.labels.get((dimension, member), member)

    def dimension_name(self, dimension: str) -> str:
        """The printed name of a dimension (org is 单位); KeyError where the registry has none."""
        return self.dimension_names[dimension]

    def members(self, dimension: str) -> list[str]:
        """The members of a dimension that have a printed name, whether or not anything was counted of them."""
        return [member for name, member in self.labels if name == dimension]

    def counted_by(self, figure: str) -> list[str]:
        """The dimensions that the registry divides a figure by, with or without rows in this period."""
        return sorted({*self.figure_dimensions.get(figure, ()), *self.dimensions(figure)})

    def dimensions(self, figure: str) -> list[str]:
        """The dimensions a figure has rows for in this period, in alphabetical order."""
        held = (key for key, rows in self.rows.items() if rows)
        return sorted(dim for period, name, dim in held if period == self.period and name == figure)
