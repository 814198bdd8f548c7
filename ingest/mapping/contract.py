"""What a contract and a mapping may say, as pydantic models.

A `Contract` names the columns of one dataset; a `Source` says how the exports of one system become datasets. These
models check types and required fields. `load.py` reads them from YAML, and `validate.py` compares a mapping with its
contract. They hold no SQL and open no export.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

SOURCE_COLUMN = "source_system"
"""The column that names a row's source: the mapping's own, unless the mapping says where the export names it."""
_PLACES = ("town_name", "village_name", "county_name")
DriftVerdict = Literal["accept", "warn", "refuse"]
Span = Literal["day", "month", "quarter", "half", "year", "all"]
"""The days that the rows of one file cover, up to the file's last day; all: everything up to then."""


def _check_regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _check_key(key: str) -> str:
    # Dagster names an asset after each source and takes no other characters.
    if not re.fullmatch("[A-Za-z0-9_]+", key):
        raise ValueError(f"{key!r} may hold letters a to z, digits and _ only; `name` is what people read")
    return key


Pattern = Annotated[str, AfterValidator(_check_regex)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, populate_by_name=True)


class Column(_Strict):
    """One canonical column: its default header, type and rules."""

    header: str
    type: Literal["text", "code", "date", "timestamp", "integer", "number", "boolean"]
    required: bool = False
    required_unless: dict[str, list[str]] | None = None
    max_length: int | None = None
    default: str | None = None
    codes: dict[str, str] | None = None
    is_source: bool = False
    """Whether its codes are the jurisdiction's sources, which no contract lists."""
    is_number: bool = False
    """Whether it holds the number of a case, an evaluation or a certificate, which a spreadsheet may have rounded."""
    personal: Literal["drop", "pseudonym"] | None = None

    @field_validator("codes", mode="before")
    @classmethod
    def _labels_are_codes(cls, codes: object) -> object:
        return {label: label for label in codes} if isinstance(codes, list) else codes


class Drift(_Strict):
    """What to do when an export departs from what its source usually sends: `warn` reports it, `refuse` stops the run.

    A required column that is missing is refused whatever `missing` says; `ingest.ledger.drift` finds the departures.
    """

    added: DriftVerdict = "warn"
    missing: DriftVerdict = "warn"
    renamed: DriftVerdict = "accept"
    reordered: DriftVerdict = "accept"
    retyped: DriftVerdict = "warn"
    new_value: DriftVerdict = "warn"
    volume: DriftVerdict = "warn"


class Contract(_Strict):
    """One dataset: its grain, key, columns and tolerance.

    `is_continuous`: rows are expected every day, so the dataset bounds the day that a period can be counted to.
    `max_bad_share`: above this share of rows that don't conform a file is refused whole.
    `version_by`: the column whose greater value makes a row the newer version of its key.
    `is_timeless`: a file says nothing about days, as a list of items, so one file speaks for every period.
    """

    dataset: str
    title: str
    grain: str
    key: list[str]
    is_continuous: bool
    max_bad_share: float
    version_by: str | None = None
    is_timeless: bool = False
    drift: Drift = Drift()
    columns: dict[str, Column]

    @property
    def stored(self) -> dict[str, Column]:
        """Columns that reach the warehouse: all but the personal ones that are dropped."""
        return {name: column for name, column in self.columns.items() if column.personal != "drop"}

    @property
    def local_key(self) -> list[str]:
        """The key's columns but for the source: what tells a row from the others of its source."""
        return [name for name in self.key if name != SOURCE_COLUMN]

    def is_identifier(self, name: str) -> bool:
        """Whether a text column holds numbers or codes of something: full-width digits in it are stored as ASCII."""
        return name in self.key or name.endswith(("_no", "_code", "_id"))

    def is_name(self, name: str) -> bool:
        """Whether a text column names an organisation, a window or an item; of places, many are called like people."""
        return name.endswith("_name") and name not in _PLACES


class Derivation(_Strict):
    """How a column is computed if the export has none, or a blank cell; `_derived` names the columns of such cells."""

    parts: Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])] = Field(
        alias="from", min_length=1
    )
    """One column or several (joined by -); file_date is the day in the file's path, file_name the path itself."""
    pattern: Pattern | None = None
    """Regular expression whose first group, or whole match, is taken from the value; no match gives no value."""
    lookup: dict[str, str] | str | None = None
    """Value -> derived value, or the name of a CSV in the jurisdiction's folder with both columns; others give none."""
    filled: str | None = None
    """The value if the column in `from` is filled, whatever it holds."""
    blank: str | None = None
    """The value if the column in `from` is blank."""
    ordinal: bool = False
    """Append -1, -2 … in file order among the file's rows with equal values."""


class Export(_Strict):
    """One kind of file that a source exports, and how it maps to a dataset."""

    dataset: str
    """The dataset whose rows the files hold."""
    files: list[str] = Field(min_length=1)
    """Globs inside exports/: ** any folders, * within one name. One source claims a file, once for each dataset."""
    format: Literal["csv", "xlsx"] = "csv"
    """What the system delivers, for samples and drafts; a run tells the format of a file from its first bytes."""
    delimiter: Literal[",", "\t", ";", "|"] = ","
    """The character between the cells of a CSV."""
    encoding: Literal["utf-8", "gb18030", "utf-16"] | None = None
    """Left out: byte-order mark, else strict UTF-8, else strict GB18030 (which covers GBK)."""
    sheet: str | None = None
    """The sheet of a workbook; left out: the first."""
    date_in_path: Pattern | None = None
    """Regular expression with groups year, month and perhaps day: the last day that the file covers."""
    covers: Span | None = None
    """The days that a file's rows cover, up to the last; left out: the day or month that `date_in_path` finds."""
    due: Literal["day", "moment"] = "day"
    """Of cases: whether due_at means its day or its moment; a moment rules before other limits, to the second."""
    columns: dict[str, list[str]] = Field(default_factory=dict)
    """Canonical column -> every spelling of its header; the contract's own header is understood too."""
    absent: list[str] = Field(default_factory=list)
    """Columns that this export is known to lack."""
    ignored: list[str] = Field(default_factory=list)
    """Headers that are known and never read, such as free text; any other undeclared header is reported."""
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Column -> label or code in the export -> canonical code; the contract's own labels are understood too."""
    constants: dict[str, str] = Field(default_factory=dict)
    """Column -> the one value that every row of this export has."""
    derived: dict[str, Derivation] = Field(default_factory=dict)
    """Column -> how it is computed if the export lacks it, in the order written."""
    date_formats: list[str] = Field(default_factory=list)
    """Further spellings of dates, tried before the usual ones, as in %d/%m/%Y."""
    null_words: list[str] = Field(default_factory=list)
    r"""Further words for no value, beside blanks, \N, NULL, - and 无."""
    max_bad_share: float | None = Field(default=None, ge=0, le=1)
    """Above this share of rows that don't conform a file is refused whole; left out: the source's, or contract's."""
    total_row_markers: list[str] = Field(default_factory=lambda: ["合计", "总计", "小计"])
    """What the first cell of a total row begins with; such rows are quarantined, but are no fault of the file."""

    @property
    def is_of_own_source(self) -> bool:
        """Whether all rows are of the mapping's own source, because nothing in the mapping names another."""
        return SOURCE_COLUMN not in {*self.columns, *self.constants, *self.derived}

    @model_validator(mode="after")
    def _set_due_kind(self) -> Self:
        """`due` becomes the column due_kind, unless the export itself says it row by row."""
        if self.dataset == "cases" and not {"due_kind"} & {*self.columns, *self.constants, *self.derived}:
            if self.due == "moment":
                self.constants["due_kind"] = "moment"
            elif "due_kind" not in self.absent:
                self.absent.append("due_kind")
        elif self.dataset != "cases" and self.due == "moment":
            raise ValueError("due: moment belongs to an export of cases; no other dataset has a due moment")
        return self

    def __hash__(self) -> int:
        """Equal exports have equal hashes, so an export can be a key although it holds dictionaries."""
        return hash((self.dataset, *self.files))


class Source(_Strict):
    """One system that exports."""

    source: Annotated[str, AfterValidator(_check_key)]
    """Key of the source, equal to the file's name; letters, digits and _."""
    name: str
    """Name of the system, as people call it."""
    is_platform: bool = False
    """Whether it is the integrated platform (一网通办)."""
    counts_overdue: bool | None = None
    """Whether its open cases can be overdue figures; left out: if it is the platform, or if the county has none."""
    is_enrolled: bool = False
    """Whether the system is enrolled in 好差评, so that its finished cases owe an evaluation."""
    counts_inquiries: bool = False
    """Whether requests of type `inquiry` (咨询) are cases, as at a hotline; left out: they are counted apart."""
    is_optional: bool = False
    """Whether a refused file of it is only a warning."""
    precedence: int = 99
    """If several sources report one case, the one with the least number governs."""
    arrives: Annotated[str, Field(pattern=r"^(daily|working_days|monthly by ([1-9]|1[0-9]|2[0-8]))$")] | None = None
    """When its exports are due: daily, working_days, or monthly by a day, as `monthly by 5`; left out: never late."""
    case_no_scope: Literal["shared", "own"] = "own"
    """shared: its case numbers are the jurisdiction's; own: they mean something within this source only."""
    max_bad_share: float | None = Field(default=None, ge=0, le=1)
    """Above this share of rows that don't conform a file is refused whole; left out: the contract's, mostly 0.02."""
    exports: list[Export] = Field(min_length=1)
    """One entry a kind of file, and dataset that it feeds."""
