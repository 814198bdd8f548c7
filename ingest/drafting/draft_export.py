"""Drafts one export of a mapping: what its headers and values tell, and a TODO comment for what they can't.

It takes a sample and a guess of its dataset and returns the lines of YAML below `exports:`. The draft holds headers
and labels of codes, but no value that may belong to a person. The head of a mapping is drafted in `draft_source.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from ingest.drafting.names import find_date_pattern
from ingest.drafting.recognise import (
    Guess,
    collect_labels,
    describe_shape,
    is_code_header,
    is_personal_header,
    may_be_personal,
)
from ingest.drafting.sniff import Sample
from ingest.mapping.contract import SOURCE_COLUMN, Column, Contract, Source
from ingest.mapping.load import load_contracts
from ingest.mapping.vocabulary import BOOLEANS
from ingest.masks import COMMON

_FEW, _MANY = 12, 30
# dataset -> the column by which its rows belong to a day
_SPANS = {"month": 31, "quarter": 92, "half": 184}
_DAYS = {"cases": "accepted_at", "evaluations": "evaluated_at", "certificates": "stored_at"}
_WHY_NUMBERS = ("each system has its own numbers", "some systems count from the best, some from the worst")


@dataclass(frozen=True)
class Given:
    """What is known beside the file: column -> constant, derivation (YAML) or codes, and a comment on any of them."""

    constants: dict[str, str] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def draft_export(
    sample: Sample, guess: Guess, globs: tuple[str, ...], known: list[Source], given: Given = Given(), doubt: str = ""
) -> list[str]:
    """The lines of one export; `doubt` is a comment on its dataset."""
    contract = load_contracts()[guess.dataset]
    return [
        f"  - dataset: {guess.dataset}{doubt}",
        *_draft_files(globs),
        *_draft_format(sample),
        *_draft_date_in_path(sample),
        *_draft_covers(sample, guess),
        *_draft_columns(guess, contract),
        *_draft_ignored(guess, sample),
        *_draft_absent(guess, contract, given),
        *_draft_given(given),
        *_draft_codes(guess, contract, known, sample, given),
        *_ask_about_dates(guess, contract, sample),
    ]


def _draft_files(globs: tuple[str, ...]) -> list[str]:
    text = f"    files: [{', '.join(map(quote, globs))}]"
    return [
        text if any("*" in glob for glob in globs) else f"{text}   # TODO a glob for later files: * for what changes"
    ]


def _draft_format(sample: Sample) -> list[str]:
    if sample.format == "xlsx":
        return ["    format: xlsx"]
    delimiter = [] if sample.delimiter == "," else [f"    delimiter: {quote(sample.delimiter)}"]
    is_declared = sample.encoding not in (None, "html")
    return [*delimiter, f"    encoding: {sample.encoding}"] if is_declared else delimiter


def _draft_date_in_path(sample: Sample) -> list[str]:
    if pattern := find_date_pattern([*sample.files]):
        return [f"    date_in_path: '{pattern}'"]
    return [
        "    # TODO no file's name bears a month or a day, so nobody can tell until which day its rows reach.",
        "    # Rename the files and write date_in_path, or put <file>.manifest.json with exported_on beside each;",
        "    # covers says how far back from that day the rows go",
    ]


def _draft_covers(sample: Sample, guess: Guess) -> list[str]:
    """What the files' rows cover, if a name gives a day but the rows are of many."""
    pattern, headers = find_date_pattern([*sample.files]), guess.headers.get(_DAYS.get(guess.dataset, ""))
    found = [re.search(pattern, name) for name in sample.files] if pattern and headers else []
    if not found or not all(match and match[3] for match in found):
        return []
    days = sample.count_days(headers) / len(sample.files)
    span = next((span for span, most in _SPANS.items() if days <= most), "year")
    comment = f"TODO a file's rows are of {round(days)} days up to its date: day, month, quarter, half, year or all"
    return [f"    covers: {span}   # {comment}"] if days > 1.5 else []


def _draft_columns(guess: Guess, contract: Contract) -> list[str]:
    lines = [] if guess.columns else ["    # none of the headers is known: TODO write the columns down"]
    lines.append("    columns:" if guess.columns else "    columns: {}")
    for name, column in contract.columns.items():
        if name in guess.columns:
            lines.append(f"      {name}: [{', '.join(map(quote, guess.columns[name]))}]   # {column.header}")
        elif name in guess.similar:
            header = quote(guess.similar[name])
            lines.append(f"      # TODO {name}: [{header}]   # {column.header}, perhaps: the names are only similar")
    return lines


def _draft_ignored(guess: Guess, sample: Sample) -> list[str]:
    """Headers that mean nothing known: never read until a person moves them to `columns`."""
    matched = {*guess.similar.values(), ""}.union(*guess.columns.values())
    unmatched = [(place, name) for place, name in enumerate(sample.header) if name not in matched]
    shown = [
        f"      - {quote(name)}{_list_codes(name, sample)}" for _, name in unmatched if not is_personal_header(name)
    ]
    hidden = [str(place + 1) for place, name in unmatched if is_personal_header(name)]
    lines = ["    # TODO what none of these means is never read; move one to columns if it is a column above or below"]
    lines += [f"    # TODO the header of column {', '.join(hidden)} may name a person: look at it"] if hidden else []
    return [*lines, "    ignored:", *shown] if shown else lines if hidden else []


def _list_codes(name: str, sample: Sample) -> str:
    """The values of an unmatched column as a comment, if they are codes for certain; else nothing."""
    values = [value for value, _ in sample.list_values((name,), _FEW + 1)]
    is_few = 0 < len(values) <= _FEW and 2 * len(values) <= sample.records
    are_codes = is_code_header(name) and all(len(v) <= 8 and not may_be_personal(v) for v in values)
    return f"   # {'、'.join(sorted(values))}" if is_few and are_codes else ""


def _draft_absent(guess: Guess, contract: Contract, given: Given) -> list[str]:
    lines, optional = [], []
    for name, column in contract.columns.items():
        if name in guess.columns or name in guess.similar or name == SOURCE_COLUMN:
            continue
        is_given = name in given.constants or name in given.derived
        if column.required or column.required_unless or name in contract.key:
            lines += [] if is_given else [_ask_for_column(name, column)]
        elif not is_given:
            optional.append(name)
    for limit, unit in (("promised_limit", "promised_unit"), ("legal_limit", "legal_unit")):
        if limit in guess.columns and unit in optional:
            allowed = " or ".join(dict.fromkeys(contract.columns[unit].codes.values()))
            lines.append(f"    # TODO {unit}: the limit has no unit; under constants, {unit}: {allowed}")
    return [*lines, f"    absent: [{', '.join(optional)}]"] if optional else lines


def _ask_for_column(name: str, column: Column) -> str:
    allowed = "、".join(dict.fromkeys((column.codes or {}).values()))
    constant = f"constants ({name}: {allowed})" if allowed else "constants"
    return f"    # TODO {name}（{column.header}）is required: under columns, derived or {constant}"


def _draft_given(given: Given) -> Iterator[str]:
    for title, entries in (("constants", given.constants), ("derived", given.derived)):
        if entries:
            yield f"    {title}:"
        for name, value in entries.items():
            comment = f"   # {given.comments[name]}" if name in given.comments else ""
            yield f"      {name}: {value}{comment}"


def _draft_codes(guess: Guess, contract: Contract, known: list[Source], sample: Sample, given: Given) -> list[str]:
    lines, is_any = [], False
    for name, headers in guess.headers.items():
        rule = contract.columns[name]
        if rule.type not in ("code", "boolean"):
            continue
        values = sample.list_values(headers, _MANY)
        if len(values) == _MANY:
            title = "、".join(headers)
            lines.append(f"      # TODO {name}: {_MANY} different values or more: is {title} really its column?")
            continue
        understood = {*(rule.codes or {})} if rule.type == "code" else {*BOOLEANS, "1", "0", "Y", "N"}
        # What is counted in these exports outweighs what another county's mappings say.
        before = collect_labels(contract.dataset, name, known) if name not in given.codes else given.codes[name]
        new = sorted((value, count) for value, count in values if value not in understood)
        # The codes of a column that is only similar wait with it for a person's word.
        mark = "# " if name in guess.similar else ""
        drafted = [f"        {mark}{quote(value)}: {before[value]}" for value, _ in new if value in before]
        questions = [_ask_about_code(value, count, rule) for value, count in new if value not in before]
        if new:
            comment = f"   # {given.comments[name]}" if drafted and name in given.comments else ""
            is_open = bool(drafted) and not mark
            lines += [f"      {'' if is_open else '# '}{name}:{comment}", *drafted, *questions]
            is_any = is_any or is_open
    return [f"    {'' if is_any else '# '}codes:", *lines] if lines else []


def _ask_about_code(value: str, count: int, rule: Column) -> str:
    """A line that becomes YAML once its # is deleted and TODO replaced."""
    allowed = (
        "是 or 否" if rule.type == "boolean" else "、".join(dict.fromkeys((rule.codes or {}).values())) or "a source"
    )
    why = f"; {_WHY_NUMBERS[rule.header == '满意度']}: ask the supplier" if value.isdigit() else ""
    is_rare_word = count < COMMON and re.search("[A-Za-z]{3}", value) is not None
    if is_rare_word or may_be_personal(value):
        return f"        # a value not shown, as it may be personal: TODO   # {count} records; {allowed}"
    return f"        # {quote(value)}: TODO   # {count} records; {allowed}{why}"


def _ask_about_dates(guess: Guess, contract: Contract, sample: Sample) -> list[str]:
    dates = {
        name: headers for name, headers in guess.columns.items() if contract.columns[name].type in ("date", "timestamp")
    }
    odd = {headers: value for headers in dates.values() if (value := sample.find_odd_date(headers))}
    return [
        f"    # TODO {'、'.join(headers)} is written like {describe_shape(value)}: give the format under date_formats"
        for headers, value in odd.items()
    ]


def quote(text: str) -> str:
    """`text` as a quoted scalar of YAML."""
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10_000).strip()
