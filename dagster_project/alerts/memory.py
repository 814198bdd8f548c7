"""Which conditions have been told, and to which channels: `<home>/alerts.json`, so that each is told once.

`read_memory` and `keep_memory` read and replace the file under the home's lock. A file that can't be read counts as
empty, so everything that is still wrong is told again. Nothing is deleted here but what is over and told as over.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from dagster_project.disk import replace_file


class Told(BaseModel):
    """A condition: its kind and title, the day since when, and the names of the channels that were told of it."""

    model_config = ConfigDict(extra="ignore")

    kind: str
    title: str
    since: str
    channels: list[str] = Field(default_factory=list)
    is_over: bool = False


_Memory = RootModel[dict[str, Told]]


def read_memory(home: Path) -> dict[str, Told]:
    """Key of a condition -> what has been told of it."""
    try:
        return _Memory.model_validate_json((home / "alerts.json").read_bytes()).root
    except (OSError, ValidationError):
        return {}


def keep_memory(home: Path, memory: dict[str, Told]) -> None:
    """Write the file aside and rename it; without a condition there is none."""
    path = home / "alerts.json"
    if not memory:
        path.unlink(missing_ok=True)
        return
    replace_file(path, _Memory(memory).model_dump_json(indent=1))
