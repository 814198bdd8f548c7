"""A YAML file written by a person, read as a validated model.

What a field means is the model's to say, not decided here. It hands on the model, or one MappingError that lists
every fault with file, line, place and the nearest name that exists.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
_MERGE = "tag:yaml.org,2002:merge"


class MappingError(ValueError):
    """A contract, mapping or jurisdiction file that can't be used; the text names the file and the place in it."""


class PlainText(yaml.CSafeLoader):
    """Leaves every scalar but null as the text that is written, as cells of an export are: 01 stays 01, no stays no."""


PlainText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag in ("tag:yaml.org,2002:null", _MERGE)]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Faults(ValueError):
    """What a model's validator found wrong below itself: (place, text) pairs."""

    def __init__(self, found: Iterable[tuple[Place, str]]) -> None:
        self.found = list(found)
        super().__init__("; ".join(text for _, text in self.found))


def read_yaml(path: Path, model: type[Model], loader: type[yaml.CSafeLoader] = yaml.CSafeLoader) -> Model:
    """The YAML file at `path` as a `model`; raises MappingError with `file:line` of every fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        root = yaml.compose(text, Loader=loader)
        doubled = list(_doubled(root))
        content = yaml.load(text, Loader=loader)
        found = model.model_validate(content)
    except OSError as error:
        raise MappingError(f"{path}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MappingError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(filter(None, (error.context, error.problem)))
        raise MappingError(f"{path}:{mark.line + 1 if mark else 1}: is not valid YAML: {said}") from None
    except yaml.YAMLError as error:
        raise MappingError(f"{path}: is not valid YAML: {error}") from None
    except ValidationError as error:
        faults = [(line_of(root, place), place, said) for place, said in _faults(error, model)]
        raise MappingError(_listed(path, sorted(doubled + faults, key=lambda fault: fault[0]))) from None
    if doubled:
        raise MappingError(_listed(path, doubled))
    return found


def fault_at(path: Path, place: Place, said: str) -> MappingError:
    """The error for a fault that only shows beyond the file itself, with the line it stands on."""
    root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    return MappingError(_listed(path, [(line_of(root, place), place, said)]))


def line_of(node: yaml.Node | None, place: Place) -> int:
    """The line (from 1) of what stands at `place`, or of the nearest thing around it that the file holds."""
    line = node.start_mark.line + 1 if node else 1
    for part in place:
        found = _below(node, part)
        if found is None:
            break
        key, node = found
        line = key.start_mark.line + 1
    return line


def nearest(name: str, known: Iterable[str]) -> str:
    """'; did you mean …?' when some known name is like `name`, else the known names."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(known)}"


def _below(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """The node of the key or the item `part` of a node, and its value; merged mappings (<<) are looked into last."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key, value
        merged = [value for key, value in node.value if key.tag == _MERGE]
        for value in merged:
            for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if found := _below(one, part):
                    return found
    return None


def _faults(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Place, str]]:
    for found in error.errors():
        place: Place = found["loc"]
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, Faults):
            yield from ((place + below, said) for below, said in cause.found)
        elif found["type"] == "extra_forbidden":
            yield place, f"{place[-1]!r} is no field{nearest(str(place[-1]), _fields(model, place[:-1]))}"
        elif found["type"] == "missing":
            yield place, f"{place[-1]!r} is missing"
        else:
            yield place, found["msg"].removeprefix("Value error, ")


def _fields(model: type[BaseModel], place: Place) -> list[str]:
    """The fields, as written in YAML, of the model that stands at `place` inside `model`."""
    for part in place:
        if part in model.model_fields:
            model = next(iter(_models(model.model_fields[part].annotation)), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _doubled(root: yaml.Node | None) -> Iterator[tuple[int, Place, str]]:
    """Keys written twice in one mapping: YAML would silently keep the last. Anchored nodes are looked at once."""
    waiting: list[tuple[yaml.Node | None, Place]] = [(root, ())]
    visited: set[int] = set()
    while waiting:
        node, place = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                line, name = key.start_mark.line + 1, str(key.value)
                if name in seen and key.tag != _MERGE:
                    yield line, (*place, name), f"{name!r} stands here again, first on line {seen[name]}"
                seen.setdefault(name, line)
                waiting.append((value, (*place, name)))
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend((value, (*place, index)) for index, value in enumerate(node.value))


def _listed(path: Path, faults: Iterable[tuple[int, Place, str]]) -> str:
    lines = [f"{path}:{line}: {'.'.join(map(str, place)) or 'file'}: {said}" for line, place, said in faults]
    return "\n".join(dict.fromkeys(lines))
