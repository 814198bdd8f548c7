"""Drafts a mapping for an unknown export, for a person to finish.

It takes an export file and returns the text of a YAML file. What the file can't tell is asked for in a TODO comment,
never guessed silently. The draft holds headers and labels of codes, but no value that may belong to a person.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from ingest.drafting.recognise import (
    Guess,
    collect_labels,
    describe_shape,
    guess_dataset,
    is_code_header,
    may_be_personal,
)
from ingest.drafting.sniff import Sample, open_sample
from ingest.errors import Refused
from ingest.landing.claim import find_date
from ingest.mapping.contract import SOURCE_COLUMN, Column, Contract, Export, Source
from ingest.mapping.load import load_contracts
from ingest.mapping.vocabulary import BOOLEANS

_FEW, _MANY = 12, 30
_DATES = [r"(\d{4})(\d{2})(\d{2})?", r"(\d{4})[-_.年](\d{1,2})(?:[-_.月](\d{1,2}))?"]


def draft_mapping(
    path: Path, name: str, known: list[Source], dataset: str | None = None, inside: str | None = None
) -> str:
    """The YAML of a draft for source `name`, from the export at `path`.

    `known`: finished mappings to learn spellings from; `inside`: the file's path in the landing folder, if it is there.
    Raises Refused if the file can't be read or none of its headers is known.
    """
    with open_sample(path) as sample:
        guess = guess_dataset(sample.header, known, dataset)
        if not guess.columns:
            raise Refused(
                f"{path}: none of its {len(sample.header)} headers is known; if its first line is no header, add one, "
                "and if it is one of another kind, say what the file holds with --dataset"
            )
        contract = load_contracts()[guess.dataset]
        glob = _quote(_make_glob(inside or f"{name}/{path.name}"))
        lines = [
            "# yaml-language-server: $schema=../../../ingest/mapping/source.schema.json",
            f"# First draft, from one export of {len(sample.header)} columns and {sample.records} records. "
            "Go through every TODO.",
            f"source: {name}   # the file must be called {name}.yaml",
            "name: TODO   # what people call the system",
            "case_no_scope: own   # TODO shared, if its case numbers are the jurisdiction's",
            "exports:",
            f"  - dataset: {guess.dataset}{'' if dataset else '   # TODO guessed from the headers'}",
            f"    files: [{glob}]   # TODO where its files are in exports/",
            *_draft_format(sample),
            *_draft_date_in_path(inside or path.name),
            *_draft_columns(guess, contract),
            *_ask_about_headers(guess, sample),
            *_draft_absent(guess, contract),
            *_draft_codes(guess, contract, known, sample),
            *_ask_about_dates(guess, contract, sample),
        ]
    return "\n".join(lines) + "\n"


def _draft_format(sample: Sample) -> list[str]:
    if sample.format == "xlsx":
        return ["    format: xlsx"]
    delimiter = [] if sample.delimiter == "," else [f"    delimiter: {_quote(sample.delimiter)}"]
    return [*delimiter, f"    encoding: {sample.encoding}"] if sample.encoding != "html" else delimiter


def _make_glob(inside: str) -> str:
    return re.sub(r"\d+", "*", inside)


def _draft_date_in_path(inside: str) -> list[str]:
    for pattern in _DATES:
        day = find_date(inside, Export(dataset="cases", files=["*"], date_in_path=pattern))
        if day and 2000 <= day.year < 2100:
            return [f"    date_in_path: '{pattern}'"]
    return ["    # TODO date_in_path: the name of this file bears no date; without one a file's rows have no age"]


def _draft_columns(guess: Guess, contract: Contract) -> list[str]:
    lines = ["    columns:"]
    for name, column in contract.columns.items():
        if name in guess.columns:
            lines.append(f"      {name}: [{_quote(guess.columns[name])}]   # {column.header}")
        elif name in guess.similar:
            header = _quote(guess.similar[name])
            lines.append(f"      # TODO {name}: [{header}]   # {column.header}, perhaps: the names are only similar")
    return lines


def _ask_about_headers(guess: Guess, sample: Sample) -> list[str]:
    matched = {*guess.columns.values(), *guess.similar.values(), ""}
    lines = []
    for place, name in enumerate(sample.header):
        if name not in matched:
            header = f"column {place + 1}" if may_be_personal(name) else name
            values = _list_codes(name, sample)
            lines.append(f"    # TODO {header}{values}: under columns if one of them means it, else under ignored")
    return [*lines, "    ignored: []"] if lines else []


def _list_codes(name: str, sample: Sample) -> str:
    """The values of an unmatched column in brackets, if they are codes for certain; else nothing."""
    values = [value for value, _ in sample.list_values(name, _FEW + 1)]
    is_few = 0 < len(values) <= _FEW and 2 * len(values) <= sample.records
    are_codes = is_code_header(name) and all(len(v) <= 8 and not may_be_personal(v) for v in values)
    return f"（{'、'.join(values)}）" if is_few and are_codes else ""


def _draft_absent(guess: Guess, contract: Contract) -> list[str]:
    lines, optional = [], []
    for name, column in contract.columns.items():
        if name in guess.columns or name == SOURCE_COLUMN:
            continue
        if column.required or column.required_unless or name in contract.key:
            lines.append(f"    # TODO {name}（{column.header}）is required: under columns, constants or derived")
        elif name not in guess.similar:
            optional.append(name)
    return [*lines, f"    absent: [{', '.join(optional)}]"] if optional else lines


def _draft_codes(guess: Guess, contract: Contract, known: list[Source], sample: Sample) -> list[str]:
    lines, is_any = [], False
    for name, header in guess.columns.items():
        rule = contract.columns[name]
        if rule.type not in ("code", "boolean"):
            continue
        values = sample.list_values(header, _MANY)
        if len(values) == _MANY:
            lines.append(f"      # TODO {name}: {_MANY} different values or more: is {header} really its column?")
            continue
        understood = {*(rule.codes or {})} if rule.type == "code" else {*BOOLEANS, "1", "0", "Y", "N"}
        before = collect_labels(contract.dataset, name, known)
        new = [(value, count) for value, count in values if value not in understood]
        drafted = [f"        {_quote(value)}: {before[value]}" for value, _ in new if value in before]
        questions = [_ask_about_code(value, count, rule) for value, count in new if value not in before]
        if new:
            lines += [f"      {'' if drafted else '# '}{name}:", *drafted, *questions]
        is_any = is_any or bool(drafted)
    return [f"    {'' if is_any else '# '}codes:", *lines] if lines else []


def _ask_about_code(value: str, count: int, rule: Column) -> str:
    meant = "是 or 否" if rule.type == "boolean" else "、".join(sorted({*(rule.codes or {}).values()})) or "a source"
    shown = "a value not shown, as it may be personal," if may_be_personal(value) else _quote(value)
    why = ": numbers run in opposite directions in different systems; ask the supplier" if value.isdigit() else ""
    return f"        # TODO {shown} ({count} records): {meant}{why}"


def _ask_about_dates(guess: Guess, contract: Contract, sample: Sample) -> list[str]:
    dates = [header for name, header in guess.columns.items() if contract.columns[name].type in ("date", "timestamp")]
    odd = {header: value for header in dates if (value := sample.find_odd_date(header))}
    return [
        f"    # TODO {header} is written like {describe_shape(value)}: give the format under date_formats"
        for header, value in odd.items()
    ]


def _quote(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10_000).strip()
