"""What jurisdiction.yaml may say, and reads it.

It takes the folder of a jurisdiction and returns a `Jurisdiction`. The CSV files of the folder are read in `lists`.
`editor_schema` turns the models into what editors complete; docs/county.md explains each field with an example.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ingest.errors import Faults, MappingError
from ingest.jurisdiction.calendar import check_office_hours, read_weekday
from ingest.mapping.load import load_contracts
from ingest.mapping.read_yaml import read_yaml
from ingest.mapping.vocabulary import find_unanswered, suggest_name


def _read_flag(value: object) -> object:
    return {"是": True, "否": False}.get(value, value) if isinstance(value, str) else value


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise ValueError(f"{name!r} is no time zone; write it as Asia/Shanghai or America/New_York") from None
    return name


Weekday = Annotated[int, BeforeValidator(read_weekday, json_schema_input_type=int | str)]
YesNo = Annotated[bool, BeforeValidator(_read_flag, json_schema_input_type=bool | Literal["yes", "no", "是", "否"])]
"""true or false, also written yes and no, or 是 and 否."""


class _Strict(BaseModel):
    # A code without quotes is a number to YAML.
    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True, coerce_numbers_to_str=True
    )


class Bulletin(_Strict):
    """What the bulletin says of itself; `reports` reads title, metadata, blocks and faces."""

    default_kind: Literal["month", "quarter", "half", "year"]
    """The kind of period that a run renders unless it is told otherwise."""
    title: str | None = None
    """Title of the bulletin; {period} stands for the period's name."""
    metadata: dict[str, Any] = Field(default_factory=dict)
    """Lines of the page's head in the order shown; left out while any input is synthetic."""
    blocks: list[str] = Field(default_factory=list)
    """Optional blocks that are on."""
    faces: dict[Literal["仿宋", "小标宋", "黑体", "楷体"], str] = Field(default_factory=dict)
    """The office's own typefaces for PDF and DOCX by installed name; left out, PDFs are set in those shipped."""


class CheckTuning(_Strict):
    """How a jurisdiction changes one check of plausibility."""

    reason: str = Field(min_length=1)
    """Why; the bulletin's annex on data quality prints it."""
    min_value: float | None = None
    """Lower bound instead of the check's own."""
    max_value: float | None = None
    """Upper bound instead of the check's own."""
    severity: Literal["error", "warning"] | None = None
    """error stops publication, warning does not."""
    excepted: list[str] = Field(default_factory=list)
    """Members (a source, organisation, town, period …) that the check leaves out."""

    @property
    def words(self) -> str:
        """What is changed, as `max_value 3, excepted 2022Q1`."""
        changed = self.model_dump(exclude={"reason"}, exclude_defaults=True)
        return ", ".join(
            f"{name} {' '.join(value) if isinstance(value, list) else value}" for name, value in changed.items()
        )


class FigureLabels(_Strict):
    """What a figure is called here; what is left out keeps the registry's words."""

    name: str | None = None
    """Its name."""
    heading: str | None = None
    """Heading of a column that shows its value."""
    basis: str | None = None
    """What it counts, in a sentence."""
    unit: str | None = None
    """The unit beside its values."""
    numerator: str | None = None
    """What its numerator counts."""
    denominator: str | None = None
    """What its denominator counts."""
    numerator_heading: str | None = None
    """Heading of a column that shows its numerator."""
    denominator_heading: str | None = None
    """Heading of a column that shows its denominator."""


class DimensionLabels(_Strict):
    """What a dimension and its members are called here."""

    name: str | None = None
    """Its name: 办理地点."""
    members: dict[str, str] = Field(default_factory=dict)
    """Member -> its name: hall: 便民大厅."""


class Labels(_Strict):
    """Names and sentences of the jurisdiction's own, in place of those that all jurisdictions share."""

    figures: dict[str, FigureLabels] = Field(default_factory=dict)
    """Key of a figure (docs/figures.md) -> what it is called here."""
    dimensions: dict[str, DimensionLabels] = Field(default_factory=dict)
    """Key of a dimension (docs/figures.md) -> what it and its members are called here."""
    words: dict[str, str] = Field(default_factory=dict)
    """Key of a sentence in reports/words/<language>.yaml, with dots -> the sentence that takes its place."""


class MemberHome(_Strict):
    """A county of a province; paths are absolute, or start at the province's folder."""

    home: str
    """Its home, where its published warehouse lies."""
    jurisdiction: str
    """The folder of its configuration, which has its name and code."""


class Jurisdiction(_Strict):
    """`jurisdiction.yaml`: names, calendar, pauses and what the bulletin needs (read by `reports`)."""

    name: str
    """Name of the jurisdiction."""
    code: str
    """Its region code, the six digits of GB/T 2260; in quotes, because it is text."""
    city_word: str
    """How the text calls the whole jurisdiction: 全县, 全市, 全区."""
    bureau: str
    """The bureau that publishes; named as the source, and heads a bulletin only if its data are real."""
    pause_kinds: dict[str, YesNo]
    """Kind of pause -> whether it stops the clock of a time limit, as far as it lies after acceptance."""
    bulletin: Bulletin
    """What the bulletin says of itself."""
    checks: dict[str, CheckTuning] = Field(default_factory=dict)
    """Checks of plausibility that are changed here: name -> bounds, severity or exceptions, with the reason."""
    language: Literal["zh", "en"] = "zh"
    """The language of the bulletin, the worklists and the list of bulletins."""
    labels: Labels = Field(default_factory=Labels)
    """Names and sentences of the jurisdiction's own."""
    timezone: Annotated[str, AfterValidator(_check_timezone)] = "Asia/Shanghai"
    """Zone of all times, as Asia/Shanghai; the schedule keeps it. A time in an export may have its offset, no other."""
    runs_at: str = Field(default="06:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """When the schedule `every_morning` runs, in quotes as "06:30"."""
    calendar: Literal["china", "none"] = "china"
    """china: the nation's holidays and moved working days (调休) from 2004. none: only those of holidays.csv."""
    weekend: Annotated[list[Weekday], Field(max_length=6)] = [6, 7]
    """Days off every week: monday … sunday, 周一 … 周日, or 1 (Monday) … 7 (Sunday)."""
    office_hours: Annotated[list[tuple[str, str]], AfterValidator(check_office_hours)] = Field(default_factory=list)
    """Spans of a working day, as in [["09:00", "12:00"], ["14:00", "18:00"]]; limits in office hours need them."""
    starts_on: date | None = None
    """First day from which the exports hold all cases, where the files' own spans don't tell it, as 2021-01-01."""
    max_orphan_share: float | None = Field(default=None, ge=0, le=1)
    """Above this share of evaluations whose case no export holds, nothing is published; left out: only a warning."""
    members: list[MemberHome] = Field(default_factory=list)
    """The counties whose published figures this province adds up; left out: it is no province."""
    members_at_once: int | None = Field(default=None, ge=1)
    """A daily run first runs the members, so many at once; left out: they run by themselves."""
    members_share_cases: bool = False
    """Several members report one case of the platform under one number, and the province counts it once."""
    alert_overdue: int | None = Field(default=None, ge=0)
    """Above this number of open cases that are overdue, an alert is sent; left out: none."""

    @model_validator(mode="before")
    @classmethod
    def _check_answers(cls, content: Any) -> Any:
        if faults := list(find_unanswered(content)):
            raise Faults(faults)
        return content

    @model_validator(mode="after")
    def _check_pause_kinds(self) -> Self:
        known = [*(load_contracts()["case_pauses"].columns["kind"].codes or {})]
        unknown = [kind for kind in self.pause_kinds if kind not in known]
        if unknown:
            raise Faults(
                (("pause_kinds", kind), f"{kind!r} is no kind of pause{suggest_name(kind, known)}") for kind in unknown
            )
        return self


def load_jurisdiction(folder: Path) -> Jurisdiction:
    """The jurisdiction in `folder`; raises MappingError."""
    path = folder / "jurisdiction.yaml"
    if not path.exists():
        raise MappingError(f"{path}: is missing; a jurisdiction folder starts with it")
    return read_yaml(path, Jurisdiction)
