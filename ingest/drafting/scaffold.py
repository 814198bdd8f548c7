"""A first mapping for an unknown export, for a person to finish.

What can't be known from the file is asked for in a comment, never settled. It hands on the text of a YAML file that
holds headers, and labels of codes, but no value that may belong to a person.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from ingest.drafting.recognise import Guess, is_code_header, labels, may_be_personal, recognise, shape
from ingest.drafting.sniff import Sample, opened
from ingest.landing.claim import covers_until
from ingest.mapping.contract import Column, Contract, Export, Source, load_contracts
from ingest.mapping.vocabulary import BOOLEANS
from ingest.reading.decode import Refused

_FEW, _MANY = 12, 30
_DATES = [r"(\d{4})(\d{2})(\d{2})?", r"(\d{4})[-_.年](\d{1,2})(?:[-_.月](\d{1,2}))?"]


def scaffold(path: Path, name: str, known: list[Source], dataset: str | None = None, inside: str | None = None) -> str:
    """The YAML of a draft for source `name`, from the export at `path`.

    `known` are finished mappings to learn spellings from; `inside` is the file's path in the landing folder, if it
    lies there. Raises Refused when the file can't be read or none of its headers is known.
    """
    with opened(path) as sample:
        guess = recognise(sample.header, known, dataset)
        if not guess.columns:
            raise Refused(
                f"{path}: none of its {len(sample.header)} headers is known; if its first line is no header, add one, "
                "and if it is one of another kind, say what the file holds with --dataset"
            )
        contract = load_contracts()[guess.dataset]
        lines = [
            "# yaml-language-server: $schema=../../../ingest/mapping/source.schema.json",
            f"# First draft, from one export of {len(sample.header)} columns and {sample.records} records. "
            "Go through every TODO.",
            f"source: {name}   # the file must be called {name}.yaml",
            "name: TODO   # what people call the system",
            "case_no_scope: own   # TODO shared, if its case numbers are the jurisdiction's",
            "exports:",
            f"  - dataset: {guess.dataset}{'' if dataset else '   # TODO guessed from the headers'}",
            f"    files: [{_quoted(_glob(inside or f'{name}/{path.name}'))}]   # TODO where its files lie in exports/",
            *_format(sample),
            *_date_in_path(inside or path.name),
            *_columns(guess, contract),
            *_unmapped(guess, sample),
            *_absent(guess, contract),
            *_codes(guess, contract, known, sample),
            *_dates(guess, contract, sample),
        ]
    return "\n".join(lines) + "\n"


def _format(sample: Sample) -> list[str]:
    if sample.format == "xlsx":
        return ["    format: xlsx"]
    delimiter = [] if sample.delimiter == "," else [f"    delimiter: {_quoted(sample.delimiter)}"]
    return [*delimiter, f"    encoding: {sample.encoding}"] if sample.encoding != "html" else delimiter


def _glob(inside: str) -> str:
    return re.sub(r"\d+", "*", inside)


def _date_in_path(inside: str) -> list[str]:
    for pattern in _DATES:
        found = covers_until(inside, Export(dataset="cases", files=["*"], date_in_path=pattern))
        if found and 2000 <= found.year < 2100:
            return [f"    date_in_path: '{pattern}'"]
    return ["    # TODO date_in_path: the name of this file bears no date; without one a file's rows have no age"]


def _columns(guess: Guess, contract: Contract) -> list[str]:
    lines = ["    columns:"]
    for name, column in contract.columns.items():
        if name in guess.columns:
            lines.append(f"      {name}: [{_quoted(guess.columns[name])}]   # {column.header}")
        elif name in guess.alike:
            lines.append(
                f"      # TODO {name}: [{_quoted(guess.alike[name])}]   # {column.header}, perhaps: only alike"
            )
    return lines


def _unmapped(guess: Guess, sample: Sample) -> list[str]:
    settled = {*guess.columns.values(), *guess.alike.values(), ""}
    lines = []
    for place, name in enumerate(sample.header):
        if name not in settled:
            header = f"column {place + 1}" if may_be_personal(name) else name
            told = _told(name, sample)
            lines.append(f"    # TODO {header}{told}: under columns if one of them means it, else under ignored")
    return [*lines, "    ignored: []"] if lines else []


def _told(name: str, sample: Sample) -> str:
    """The values of a column that nobody knows yet, when they are plainly codes and no one's name or words."""
    found = [value for value, _ in sample.values(name, _FEW + 1)]
    is_few = 0 < len(found) <= _FEW and 2 * len(found) <= sample.records
    are_codes = is_code_header(name) and all(len(v) <= 8 and not may_be_personal(v) for v in found)
    return f"（{'、'.join(found)}）" if is_few and are_codes else ""


def _absent(guess: Guess, contract: Contract) -> list[str]:
    lines, optional = [], []
    for name, column in contract.columns.items():
        if name in guess.columns or name == "source_system":
            continue
        if column.required or column.required_unless or name in contract.key:
            lines.append(f"    # TODO {name}（{column.header}）is required: under columns, constants or derived")
        elif name not in guess.alike:
            optional.append(name)
    return [*lines, f"    absent: [{', '.join(optional)}]"] if optional else lines


def _codes(guess: Guess, contract: Contract, known: list[Source], sample: Sample) -> list[str]:
    lines, is_any = [], False
    for name, header in guess.columns.items():
        rule = contract.columns[name]
        if rule.type not in ("code", "boolean"):
            continue
        values = sample.values(header, _MANY)
        if len(values) == _MANY:
            lines.append(f"      # TODO {name}: {_MANY} different values or more: is {header} really its column?")
            continue
        understood = {*(rule.codes or {})} if rule.type == "code" else {*BOOLEANS, "1", "0", "Y", "N"}
        before = labels(contract.dataset, name, known)
        strange = [(value, count) for value, count in values if value not in understood]
        written = [f"        {_quoted(value)}: {before[value]}" for value, _ in strange if value in before]
        asked = [_asked(value, count, rule) for value, count in strange if value not in before]
        if strange:
            lines += [f"      {'' if written else '# '}{name}:", *written, *asked]
        is_any = is_any or bool(written)
    return [f"    {'' if is_any else '# '}codes:", *lines] if lines else []


def _asked(value: str, count: int, rule: Column) -> str:
    meant = "是 or 否" if rule.type == "boolean" else "、".join(sorted({*(rule.codes or {}).values()})) or "a source"
    shown = "a value not shown, as it may be personal," if may_be_personal(value) else _quoted(value)
    why = ": numbers run in opposite directions in different systems; ask the supplier" if value.isdigit() else ""
    return f"        # TODO {shown} ({count} records): {meant}{why}"


def _dates(guess: Guess, contract: Contract, sample: Sample) -> list[str]:
    told = [header for name, header in guess.columns.items() if contract.columns[name].type in ("date", "timestamp")]
    odd = {header: value for header in told if (value := sample.odd_date(header))}
    return [f"    # TODO {header} is written like {shape(value)}: say how under date_formats" for header, value in
            odd.items()]  # fmt: skip


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10_000).strip()
