"""What a suite of plausibility checks may say, and reads the suites of `suites/`, one YAML file an asset.

A suite holds frames, each a query on the candidate, and expectations, each the name of an expectation of
great-expectations with its arguments, severity and words. A jurisdiction tunes expectations in jurisdiction.yaml, with
a reason. `plausibility.py` computes the frames and `expectations_worker.py` judges them.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.errors import MappingError
from ingest.jurisdiction.settings import CheckTuning
from ingest.mapping.read_yaml import locate_fault, read_yaml
from ingest.mapping.vocabulary import suggest_name

FOLDER = Path(__file__).parent / "suites"
Severity = Literal["error", "warning"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Strict):
    """One check. `says` is a sentence for one failing row: its columns and the arguments stand in braces."""

    name: str
    expect: str
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")
    severity: Severity
    about: str
    says: str
    remedy: str
    excepted: tuple[str, ...] = ()

    @property
    def has_bounds(self) -> bool:
        return not {"min_value", "max_value"}.isdisjoint(self.arguments)

    def tune(self, tuning: CheckTuning) -> "Expectation":
        """This expectation with the bounds, severity and exceptions of a jurisdiction."""
        bounds = {k: v for k in ("min_value", "max_value") if (v := getattr(tuning, k)) is not None}
        return self.model_copy(
            update={
                "arguments": {**self.arguments, **bounds},
                "severity": tuning.severity or self.severity,
                "excepted": tuple(tuning.excepted),
            }
        )


class Frame(_Strict):
    """A query on the candidate, and what is expected of its rows."""

    query: str
    expectations: tuple[Expectation, ...]


class Suite(_Strict):
    """The frames that judge one asset."""

    asset: str
    frames: dict[str, Frame]

    @property
    def expectations(self) -> list[Expectation]:
        return [expectation for frame in self.frames.values() for expectation in frame.expectations]


@cache
def load_suites() -> tuple[Suite, ...]:
    """The suites as they ship, in alphabetical order; raises MappingError."""
    return tuple(read_yaml(path, Suite) for path in sorted(FOLDER.glob("*.yaml")))


def tune_suites(suites: Sequence[Suite], tunings: Mapping[str, CheckTuning], source: Path) -> list[Suite]:
    """`suites` as a jurisdiction tunes them in the file `source`; raises MappingError for a name that no suite has."""
    known = {expectation.name: expectation for suite in suites for expectation in suite.expectations}
    for name, tuning in tunings.items():
        if name not in known:
            raise locate_fault(source, ("checks", name), f"no such check{suggest_name(name, [*known])}")
        for bound in ("min_value", "max_value"):
            if getattr(tuning, bound) is not None and bound not in known[name].arguments:
                raise locate_fault(source, ("checks", name, bound), f"{name} has no {bound} that could be changed")
    return [
        suite.model_copy(
            update={
                "frames": {
                    key: frame.model_copy(
                        update={
                            "expectations": tuple(
                                e.tune(tunings[e.name]) if e.name in tunings else e for e in frame.expectations
                            )
                        }
                    )
                    for key, frame in suite.frames.items()
                }
            }
        )
        for suite in suites
    ]


def require_check(name: str) -> None:
    """Raise MappingError if no suite has a check `name`."""
    known = [expectation.name for suite in load_suites() for expectation in suite.expectations]
    if name not in known:
        raise MappingError(f"{name!r} is no check of plausibility{suggest_name(name, known)}")
