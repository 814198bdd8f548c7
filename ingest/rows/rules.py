"""The rules that each cell and row must keep: a date is a date, a code is known, no personal number in free text.

The functions take a batch and return SQL over the columns that `conform.select_typed` makes. `is_suspect` is a cheap
condition for every row, `list_breaches` the exact rules for the suspect rows. This module changes no cell.
"""

from __future__ import annotations

from ingest.mapping.contract import Column
from ingest.mapping.vocabulary import FROM_FILE
from ingest.privacy import mask_value
from ingest.rows.batch import Batch
from ingest.rows.totals import REPEATED_HEADER, TOTAL_ROW, is_repeated_header, is_total_row
from ingest.sql import quote_literal

_ROUNDED_SHARE = 0.01


def is_suspect(batch: Batch) -> str:
    """SQL: whether a row may break a rule; true of every row that `list_breaches` faults, and of a few sound ones."""
    contract = batch.contract
    breaches = [sql for name, column in contract.stored.items() for _, sql in list_column_rules(name, column, batch)]
    breaches += [_may_be_rounded(f"t_{name}") for name in _list_numbers(batch)]
    breaches += [
        f"may_be_id(v_{name}) or {_may_be_no_identifier(name, batch)}"
        if contract.is_identifier(name)
        else f"may_hold_person(t_{name})"
        for name in _list_free_texts(batch)
    ]
    if not contract.key:
        # Without a key column, the label is the only sign of a total row.
        breaches.append(is_total_row(batch))
    return " or ".join(f"({sql})" for sql in breaches)


def list_breaches(batch: Batch) -> str:
    """SQL: the list of 'column:rule' that a row breaks; null if the row conforms."""
    contract = batch.contract
    rules = [(n, rule, sql) for n, c in contract.stored.items() for rule, sql in list_column_rules(n, c, batch)]
    rules += [(name, "damaged_by_spreadsheet", _is_rounded(f"t_{name}", batch)) for name in _list_numbers(batch)]
    rules += [
        (name, "not_an_identifier", _is_no_identifier(name, batch))
        for name in _list_free_texts(batch)
        if contract.is_identifier(name)
    ]
    listed = ", ".join(f"case when {sql} then '{name}:{rule}' end" for name, rule, sql in rules)
    # Of an identifier take the stored value, because its full-width digits became ASCII.
    cells = ", ".join(
        f"{{'name': '{name}', 'cell': {'v' if contract.is_identifier(name) else 't'}_{name}, "
        f"'is_number': {contract.is_identifier(name)}}}"
        for name in _list_free_texts(batch)
    )
    is_breach = "lambda it: case when it.is_number then is_personal_number(it.cell) else is_personal(it.cell) end"
    personal = f"list_transform(list_filter([{cells}], {is_breach}), lambda it: it.name || ':personal')"
    return f"""
        case when {is_total_row(batch)} then [{quote_literal(f":{TOTAL_ROW}")}]
            when {is_repeated_header(batch)} then [{quote_literal(f":{REPEATED_HEADER}")}]
            else nullif(list_filter([{listed}]::varchar[], lambda rule: rule is not null) || {personal}, []) end
    """


def show_cell(name: str, batch: Batch) -> str:
    """SQL: the text of a cell for the quarantine; if nothing could be derived, the text it would be derived from."""
    rule, text = batch.contract.columns[name], f"t_{name}"
    if rule.personal:
        return mask_value(text)
    if rule.type not in ("text", "code", "boolean"):
        # A word in place of a date or a number comes from another column and may be a person's name.
        has_digits = f"regexp_matches({text}, '[0-9０-９]')"
        text = f"case when {text} is null or {has_digits} then {text} else {mask_value(text)} end"
    derivation = batch.export.derived.get(name)
    parts = [part for part in derivation.parts if part not in FROM_FILE] if derivation else []
    return f"coalesce({', '.join([text, *(f't_{part}' for part in parts)])})"


def list_column_rules(name: str, rule: Column, batch: Batch) -> list[tuple[str, str]]:
    """(rule, SQL that is true if a row breaks it) of one column."""
    text, value, contract = f"t_{name}", f"v_{name}", batch.contract
    missing = "not_derived" if name in batch.export.derived else "required"
    rules = []
    if rule.required or name in contract.key:
        rules.append((missing, f"{text} is null"))
    if rule.required_unless:
        excused = " or ".join(
            f"v_{other} = {quote_literal(value)}" for other, values in rule.required_unless.items() for value in values
        )
        rules.append((missing, f"{text} is null and not coalesce({excused}, false)"))
    if rule.type == "code":
        rules.append(("unknown_code", f"{text} is not null and {value} is null"))
    elif rule.type != "text":
        rules.append((f"not_a_{rule.type}", f"{text} is not null and {value} is null"))
    if rule.type in ("date", "timestamp"):
        rules.append(("implausible_date", f"{value} < date '1990-01-01' or {value} >= date '2100-01-01'"))
    if rule.max_length:
        rules.append(("too_long", f"length({text}) > {rule.max_length}"))
    if rule.personal == "pseudonym" or rule.is_number or (name in contract.key and rule.type == "text"):
        rules.append(("damaged_by_spreadsheet", _is_float_text(text)))
    return rules


def _is_float_text(text: str) -> str:
    """SQL: whether a program turned a long number into a float: 6.40122E+17, 6.4E17, 640122202201010123.0."""
    form = "[0-9][.][0-9]+[Ee][+]?[0-9]+|[0-9]+[.]0+"
    # DuckDB computes both sides of an `and`, but the result of a `case` only where its condition holds.
    return f"case when contains({text}, '.') then regexp_full_match({text}, '{form}') else false end"


def _may_be_rounded(text: str) -> str:
    """SQL: whether a number may have lost its last digits: spreadsheets keep 15 of 18 and write 000 for the others."""
    is_likely = f"strlen({text}) >= 18 and suffix({text}, '000')"
    return f"case when {is_likely} then regexp_full_match({text}, '[0-9]+') else false end"


def _is_rounded(text: str, batch: Batch) -> str:
    """SQL: whether a spreadsheet rounded the number. Rows of a file are compared, so it needs all suspect rows.

    A serial of 1000 ends in 000 too, but that is one number in a thousand. A spreadsheet rounds the whole file.
    """
    records = f"([{', '.join(str(file.records) for file in batch.files)}])[file_index + 1]"
    alike = f"count(*) filter ({_may_be_rounded(text)}) over (partition by file_index)"
    return f"{_may_be_rounded(text)} and {alike} > greatest(1, {records} * {_ROUNDED_SHARE})"


def _may_be_no_identifier(name: str, batch: Batch) -> str:
    """SQL: whether a number or code may be a person's name or number."""
    has_no_digit = f"has_no_digit(v_{name}) or " if batch.contract.columns[name].is_number else ""
    return f"{has_no_digit}is_no_identifier(v_{name}) or has_personal_form(v_{name})"


def _is_no_identifier(name: str, batch: Batch) -> str:
    """SQL: whether it is one. Rows of a file are compared, so it needs all suspect rows.

    Some platform may number its cases with as many digits as a telephone number has; then most of a file look so.
    """
    records = f"([{', '.join(str(file.records) for file in batch.files)}])[file_index + 1]"
    alike = f"count(*) filter (has_personal_form(v_{name})) over (partition by file_index)"
    number = f"not is_personal_number(v_{name})"  # which breaks the rule `personal`
    return (
        f"{number} and ({_may_be_no_identifier(name, batch)}) "
        f"and (not has_personal_form(v_{name}) or {alike} * 2 < {records})"
    )


def _list_numbers(batch: Batch) -> list[str]:
    """The columns that the export has and that hold the number of a case, an evaluation or a certificate."""
    return [
        name for name, column in batch.contract.columns.items() if column.is_number and name in batch.layout.positions
    ]


def _list_free_texts(batch: Batch) -> list[str]:
    """The text columns of the export that are not declared personal, but may hold a person's number."""
    columns = batch.contract.stored
    return [n for n, c in columns.items() if n in batch.layout.positions and c.type == "text" and not c.personal]
