"""Gives figures, dimensions and members the names of the bulletin's language and those that the jurisdiction chose.

It takes `Figures` with the registry's Chinese names, reads reports/words/names/<code>.yaml for another language, and
returns the same `Figures` renamed. A jurisdiction's own names come last; `replace_sentences` does so for its sentences.
Sentences of a language belong to reports/words.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from reports.figures.model import UNSTATED, Definition, Figures
from reports.words.catalogue import FOLDER, Words, parts_of
from reports.words.locale import suggest_names
from reports.words.locale import words as say

# field of a label -> field of a Definition
_FIELDS = {
    "name": "name",
    "heading": "heading",
    "basis": "basis",
    "unit": "unit",
    "numerator": "numerator_words",
    "denominator": "denominator_words",
    "numerator_heading": "numerator_heading",
    "denominator_heading": "denominator_heading",
}


class UnknownWords(ValueError):
    """A jurisdiction names a sentence, a figure or a dimension that doesn't exist; the message says which."""


def replace_sentences(words: Words, own: Mapping[str, str]) -> Words:
    """The same words with a jurisdiction's own sentences by key.

    Raises UnknownWords for a key that the language lacks, or a sentence with a part that the language's has not.
    """
    texts = dict(words.texts)
    for key, sentence in own.items():
        if not isinstance(texts.get(key), str):
            raise UnknownWords(say("setting.sentence", name=key, near=suggest_names(key, texts)))
        if unknown := parts_of(sentence) - parts_of(texts[key]):
            has = ", ".join(sorted(parts_of(texts[key]))) or say("setting.none")
            raise UnknownWords(say("setting.part", sentence=key, name=", ".join(sorted(unknown)), has=has))
        texts[key] = sentence
    return replace(words, texts=MappingProxyType(texts))


def relabel(figures: Figures, own: Mapping[str, Any]) -> Figures:
    """The figures with the names of their language and with `own`: {figures: {key: {name, …}}, dimensions: {…}}.

    Raises UnknownWords for a figure, a dimension or a field that doesn't exist, with the nearest that does.
    """
    code = figures.words.code
    unstated = figures.words("unstated")
    unstated = {(dimension, word): unstated for dimension in figures.dimension_names for word in UNSTATED}
    figures = replace(figures, labels=figures.labels | unstated)
    # a warehouse may lack figures that a newer release names; a name of the jurisdiction's own must fit
    figures = _apply(_apply(figures, read_names(code), is_strict=False), own, is_strict=True)
    if code != "zh" or own:
        units = {key: definition.unit for key, definition in figures.definitions.items()}
        table = figures.table.assign(unit=figures.table["figure"].map(units))
        figures = replace(figures, table=table)
    return figures


@cache
def read_names(code: str) -> Mapping[str, Any]:
    """The registry's names in this language; empty for Chinese, which the registry itself is written in."""
    path = FOLDER / "names" / f"{code}.yaml"
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) if path.is_file() else {}


def _apply(figures: Figures, labels: Mapping[str, Any], *, is_strict: bool) -> Figures:
    definitions, names, members = dict(figures.definitions), dict(figures.dimension_names), dict(figures.labels)
    for key, fields in (labels.get("figures") or {}).items():
        if key in definitions:
            definitions[key] = _rename(key, definitions[key], fields)
        elif is_strict:
            raise UnknownWords(say("setting.figure", name=key, near=suggest_names(key, definitions)))
    for key, fields in (labels.get("dimensions") or {}).items():
        if key not in names and is_strict:
            raise UnknownWords(say("setting.dimension", name=key, near=suggest_names(key, names)))
        names |= {key: fields["name"]} if "name" in fields else {}
        members |= {(key, member): name for member, name in (fields.get("members") or {}).items()}
    return replace(figures, definitions=definitions, dimension_names=names, labels=members)


def _rename(key: str, definition: Definition, fields: Mapping[str, str]) -> Definition:
    if unknown := sorted({*fields} - {*_FIELDS}):
        near = suggest_names(unknown[0], _FIELDS)
        raise UnknownWords(say("setting.field", figure=key, name=unknown[0], near=near))
    # a column that shows a numerator is headed by its words, unless it has a heading of its own
    headings = {f"{part}_heading": fields[part] for part in ("numerator", "denominator") if part in fields}
    return replace(definition, **{_FIELDS[field]: text for field, text in (headings | dict(fields)).items()})
