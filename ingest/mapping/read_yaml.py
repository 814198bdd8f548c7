"""Reads a YAML file written by a person into a pydantic model.

It takes a path and a model, and returns the model or raises one MappingError that lists every fault with line, column
and the nearest name that exists. The models themselves are defined elsewhere. ruamel.yaml reads the file because it
keeps the line and column of every key and item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ingest.errors import Faults, MappingError, Place
from ingest.mapping.list_file import read_text
from ingest.mapping.vocabulary import suggest_name

Model = TypeVar("Model", bound=BaseModel)


class _TextConstructor(RoundTripConstructor):
    """Keeps every scalar except null as the text in the file, because cells are text: 01 stays 01, no stays no."""


for _kind in ("int", "float", "bool", "timestamp"):
    _TextConstructor.add_constructor(f"tag:yaml.org,2002:{_kind}", RoundTripConstructor.construct_yaml_str)


def read_yaml(path: Path, model: type[Model], *, as_text: bool = False) -> Model:
    """The YAML file at `path` as a `model`; with `as_text`, no scalar becomes a number, a date or a boolean.

    Raises MappingError with `path:line:column` of every fault.
    """
    content = _load(path, as_text)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _mapping_error(path, content, _list_faults(error, model)) from None


def locate_fault(path: Path, place: Place, text: str) -> MappingError:
    """The error for a fault that shows only when the file is compared with others, with its line and column."""
    return _mapping_error(path, _load(path, as_text=True), [(place, text)])


def _load(path: Path, as_text: bool) -> Any:
    text = read_text(path)
    try:
        return _parse(text, as_text)
    except DuplicateKeyError as error:
        line, column = error.problem_mark.line, error.problem_mark.column
        key = text.splitlines()[line][column:].partition(":")[0]
        first = error.context_mark.line + 1
        raise MappingError(
            f"{path}:{line + 1}:{column + 1}: {key!r} stands twice in the block from line {first} on; delete one"
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(filter(None, (error.context, error.problem)))
        place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise MappingError(f"{path}:{place}: is not valid YAML: {reason}") from None
    except YAMLError as error:
        raise MappingError(f"{path}: is not valid YAML: {error}") from None


@lru_cache(64)  # a run asks for jurisdiction.yaml a dozen times, at 30 ms each; nobody alters what is returned
def _parse(text: str, as_text: bool) -> Any:
    reader = YAML()
    if as_text:
        reader.Constructor = _TextConstructor
    return reader.load(text)


def _mapping_error(path: Path, content: Any, faults: Iterable[tuple[Place, str]]) -> MappingError:
    located = sorted((*_locate(content, place), ".".join(map(str, place)) or "file", text) for place, text in faults)
    lines = [f"{path}:{line}:{column}: {place}: {text}" for line, column, place, text in located]
    return MappingError("\n".join(dict.fromkeys(lines)))


def _locate(content: Any, place: Place) -> tuple[int, int]:
    """Line and column, from 1, of what is at `place`, or of the nearest thing around it that the file holds."""
    position = (0, 0)
    for part in place:
        if isinstance(content, CommentedMap):
            key = next((key for key in content if str(key) == str(part)), None)
            # A key that came by a merge (<<) has its position in the block that was merged.
            blocks = [content, *content.merge]
            owner = next((block for block in blocks if key in (block.lc.data or {})), None)
        else:
            is_item = isinstance(content, CommentedSeq) and isinstance(part, int) and part < len(content)
            key, owner = part, content if is_item else None
        if owner is None:
            break
        position = tuple(owner.lc.data[key][:2])
        content = owner[key]
    return position[0] + 1, position[1] + 1


def _list_faults(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Place, str]]:
    for found in error.errors():
        place: Place = found["loc"]
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, Faults):
            yield from ((place + below, text) for below, text in cause.faults)
        elif found["type"] == "extra_forbidden":
            yield place, f"{place[-1]!r} is no field{suggest_name(str(place[-1]), _list_fields(model, place[:-1]))}"
        elif found["type"] == "missing":
            yield place, f"{place[-1]!r} is missing"
        else:
            value = found.get("input")
            here = f"; found {value!r}" if isinstance(value, str | int | float) and not cause else ""
            text = "must be true or false" if found["type"].startswith("bool_") else found["msg"]
            yield place, text.removeprefix("Value error, ") + here


def _list_fields(model: type[BaseModel], place: Place) -> list[str]:
    """The fields, as written in YAML, of the model that is at `place` inside `model`."""
    for part in place:
        if part in model.model_fields:
            model = next(_list_models(model.model_fields[part].annotation), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _list_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _list_models(argument)
