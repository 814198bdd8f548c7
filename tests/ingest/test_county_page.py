"""docs/county.md documents every field of jurisdiction.yaml and every column of the lists, with an example of each.

It compares the page's tables and examples with the models and columns, so that a forgotten field fails here. The
examples are loaded as a county's folder would be.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import BaseModel

from ingest.jurisdiction.lists import HOLIDAYS, ORGANISATIONS, REGIONS, read_list, read_organisations
from ingest.jurisdiction.settings import Jurisdiction, load_jurisdiction

PAGE = (Path(__file__).parents[2] / "docs" / "county.md").read_text(encoding="utf-8")
LISTS = {"regions.csv": REGIONS, "organisations.csv": ORGANISATIONS, "holidays.csv": HOLIDAYS}


def section(name: str) -> str:
    return re.split(r"^## ", PAGE.split(f"\n## {name}\n")[1], flags=re.MULTILINE)[0]


def documented(name: str) -> set[str]:
    cells = re.findall(r"^\| (`[\w.`, ]+`) \|", section(name), flags=re.MULTILINE)
    return {field for cell in cells for field in re.findall("[\\w.]+", cell)}


def example(name: str, language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", section(name), flags=re.DOTALL)[1]


def list_fields(model: type[BaseModel], place: str = "") -> Iterator[str]:
    """The fields of a model and of the models in it, as `bulletin.title`."""
    for name, field in model.model_fields.items():
        yield f"{place}{field.alias or name}"
        for inner in list_models(field.annotation):
            yield from list_fields(inner, f"{place}{name}.")


def list_models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from list_models(argument)


def list_given(model: type[BaseModel], content: dict, place: str = "") -> Iterator[str]:
    """The fields of a model that `content` gives; what a dictionary or list of models holds has no keys here."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key not in content:
            continue
        yield f"{place}{key}"
        for inner in list_models(field.annotation):
            is_one = isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
            held = content[key]
            for value in [held] if is_one else held if isinstance(held, list) else held.values():
                yield from list_given(inner, value, f"{place}{key}.")


def test_every_field_of_jurisdiction_yaml_is_documented_with_an_example(tmp_path):
    fields = {*list_fields(Jurisdiction)}
    assert documented("jurisdiction.yaml") == fields
    text = example("jurisdiction.yaml", "yaml")
    assert fields - {*list_given(Jurisdiction, yaml.safe_load(text))} == set(), "these have no example"
    (tmp_path / "jurisdiction.yaml").write_text(text, encoding="utf-8")
    load_jurisdiction(tmp_path)


@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_a_list_is_documented_with_an_example(tmp_path, name):
    assert documented(name) == {*LISTS[name]}
    rows = [*csv.DictReader(example(name, "csv").splitlines())]
    assert [column for column in LISTS[name] if not any(row[column] for row in rows)] == []
    for other in LISTS:
        (tmp_path / other).write_text(example(other, "csv"), encoding="utf-8")
    regions = read_list(tmp_path / "regions.csv", REGIONS)
    if name == "organisations.csv":
        read_organisations(tmp_path / name, regions)
    else:
        read_list(tmp_path / name, LISTS[name])


def test_a_column_that_may_be_blank_is_documented_so():
    for name, columns in LISTS.items():
        blank = dict(re.findall(r"^\| `(\w+)` \| (yes|no) \|", section(name), flags=re.MULTILINE))
        assert blank == {column: "yes" if cell.may_be_blank else "no" for column, cell in columns.items()}


def test_a_field_is_documented_as_required_if_it_is():
    required = dict(re.findall(r"^\| `([\w]+)` \| (yes|no) \|", section("jurisdiction.yaml"), flags=re.MULTILINE))
    assert required == {n: "yes" if f.is_required() else "no" for n, f in Jurisdiction.model_fields.items()}
