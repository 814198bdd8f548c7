"""What figures.yaml may say, as pydantic models: figures of the jurisdiction's own, and dimensions of two columns.

A numerator or denominator names a count of the registry or of this file, counts an event under conditions, or is a sum
of such terms. Names are compared with the registry in `load.py`. The fields are explained in docs/figures-registry.md.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _as_term(content: Any) -> Any:
    return {"figure": content} if isinstance(content, str) else content


def _as_condition(value: Any) -> bool | list[str]:
    values = [value] if isinstance(value, str) else value
    if isinstance(value, bool):
        return value
    if isinstance(values, list) and values and all(isinstance(each, str) for each in values):
        return values
    raise ValueError("write true, false, a text or a list of texts; a number goes in quotes")


Condition = Annotated[bool | list[str], BeforeValidator(_as_condition)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(_Strict):
    """A count: of the registry or this file by its key, or an event of dbt/figures/own.yml under conditions."""

    figure: str | None = None
    count: str | None = None
    where: dict[str, Condition] = {}

    @model_validator(mode="after")
    def _names_one_count(self) -> Self:
        if (self.figure is None) == (self.count is None):
            raise ValueError("give either `figure` (the key of a count) or `count` (what is counted)")
        if self.figure and self.where:
            raise ValueError("`where` goes with `count`; a `figure` is counted as it is defined")
        return self


AnyTerm = Annotated[Term, BeforeValidator(_as_term)]


class Part(_Strict):
    """A numerator or denominator; `whole` takes the count of all members instead of each member's own."""

    figure: str | None = None
    count: str | None = None
    where: dict[str, Condition] = {}
    sum: list[AnyTerm] = Field(default=[])
    whole: bool = False
    words: str | None = None
    heading: str | None = None

    @model_validator(mode="after")
    def _names_one_count(self) -> Self:
        if [bool(self.figure), bool(self.count), bool(self.sum)].count(True) != 1:
            raise ValueError(
                "give one of `figure` (the key of a count), `count` (what is counted) and `sum` (a list of these)"
            )
        if self.where and not self.count:
            raise ValueError("`where` goes with `count`; a `figure` is counted as it is defined")
        return self

    @property
    def terms(self) -> list[Term]:
        return self.sum or [Term(figure=self.figure, count=self.count, where=self.where)]


AnyPart = Annotated[Part, BeforeValidator(_as_term)]


class OwnFigure(_Strict):
    """A figure: a count if it has no denominator, else a ratio."""

    name: str
    basis: str
    heading: str | None = None
    unit: str | None = None
    direction: Literal["up", "down", "none"] = "none"
    style: Literal["wan", "exact", "share", "rate", "days"] | None = None
    decimals: int | None = Field(default=None, ge=0, le=4)
    dimensions: list[str] = Field(default=["total"], min_length=1)
    numerator: AnyPart
    denominator: AnyPart | None = None


class OwnDimension(_Strict):
    """A dimension whose members are pairs, as source × organisation: `of` names the dimensions that are paired."""

    name: str
    of: list[str] = Field(min_length=2)


class OwnFile(_Strict):
    """figures.yaml."""

    figures: dict[Key, OwnFigure]
    dimensions: dict[Key, OwnDimension] = {}
