"""What a cell of each column must be, and what a row must not hold.

No cell is changed here. It hands on SQL conditions over the columns that `conform.typed` makes, and what quarantine is
shown of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.mapping.vocabulary import FROM_FILE
from ingest.privacy import masked
from ingest.rows.totals import REPEATED_HEADER, TOTAL_ROW, repeated_header, total_row
from ingest.sql import literal

if TYPE_CHECKING:
    from ingest.mapping.contract import Column, Contract
    from ingest.rows.conform import Batch


def suspects(batch: Batch) -> str:
    """Whether a row may break a rule: true of all that `broken` finds fault with, and cheap to tell of each row."""
    stored = batch.contract.stored
    breaches = [sql for name, column in stored.items() for _, sql in of_column(name, column, batch)]
    breaches += [
        f"may_be_id(v_{name})" if is_number(name, batch.contract) else f"may_hold_person(t_{name})"
        for name in _texts(batch)
    ]
    # a table without key has nothing else to tell its total by
    breaches += [] if batch.contract.key else [total_row(batch)]
    return " or ".join(f"({sql})" for sql in breaches)


def broken(batch: Batch) -> str:
    """The list of 'column:rule' that a row breaks; null for a row that conforms."""
    rules = [(n, rule, sql) for n, c in batch.contract.stored.items() for rule, sql in of_column(n, c, batch)]
    listed = ", ".join(f"case when {sql} then '{name}:{rule}' end" for name, rule, sql in rules)
    # of a number what is stored, for full-width digits are narrowed in it
    cells = ", ".join(
        f"{{'name': '{n}', 'cell': {'v' if is_number(n, batch.contract) else 't'}_{n}, "
        f"'is_number': {is_number(n, batch.contract)}}}"
        for n in _texts(batch)
    )
    found = "lambda it: case when it.is_number then is_personal_number(it.cell) else is_personal(it.cell) end"
    personal = f"list_transform(list_filter([{cells}], {found}), lambda it: it.name || ':personal')"
    return f"""
        case when {total_row(batch)} then [{literal(f":{TOTAL_ROW}")}]
            when {repeated_header(batch)} then [{literal(f":{REPEATED_HEADER}")}]
            else nullif(list_filter([{listed}]::varchar[], lambda rule: rule is not null) || {personal}, []) end
    """


def shown(name: str, batch: Batch) -> str:
    """What quarantine is shown of a cell; where nothing could be derived, what it was to be derived from."""
    rule, text = batch.contract.columns[name], f"t_{name}"
    if rule.personal:
        return masked(text)
    if rule.type not in ("text", "code", "boolean"):
        # a word where a date or a number should be is a cell of another column, which may be a name
        text = f"case when {text} is null or regexp_matches({text}, '[0-9０-９]') then {text} else {masked(text)} end"
    derivation = batch.export.derived.get(name)
    parts = [part for part in derivation.parts if part not in FROM_FILE] if derivation else []
    return f"coalesce({', '.join([text, *(f't_{part}' for part in parts)])})"


def of_column(name: str, rule: Column, batch: Batch) -> list[tuple[str, str]]:
    """(rule, SQL that is true where a row breaks it) of one column."""
    text, value, contract = f"t_{name}", f"v_{name}", batch.contract
    lacking = "not_derived" if name in batch.export.derived else "required"
    rules = []
    if rule.required or name in contract.key:
        rules.append((lacking, f"{text} is null"))
    if rule.required_unless:
        excused = " or ".join(f"v_{n} = {literal(v)}" for n, vs in rule.required_unless.items() for v in vs)
        rules.append((lacking, f"{text} is null and not coalesce({excused}, false)"))
    if rule.type == "code":
        rules.append(("unknown_code", f"{text} is not null and {value} is null"))
    elif rule.type != "text":
        rules.append((f"not_a_{rule.type}", f"{text} is not null and {value} is null"))
    if rule.type in ("date", "timestamp"):
        rules.append(("implausible_date", f"{value} < date '1990-01-01' or {value} >= date '2100-01-01'"))
    if rule.max_length:
        rules.append(("too_long", f"length({text}) > {rule.max_length}"))
    if rule.personal == "pseudonym" or (name in contract.key and rule.type == "text" and name != "source_system"):
        rules.append(("damaged_by_spreadsheet", damaged(text)))
    return rules


def damaged(text: str) -> str:
    """A long number that a spreadsheet turned into a float: its last digits are lost for good."""
    return f"coalesce(contains({text}, '+') and regexp_full_match({text}, '[0-9][.][0-9]+[Ee][+][0-9]+'), false)"


def _texts(batch: Batch) -> list[str]:
    """Columns of free words in which a person may stand, of those that the export has."""
    columns: dict[str, Column] = batch.contract.stored
    return [n for n, c in columns.items() if n in batch.layout.positions and c.type == "text" and not c.personal]


def is_number(name: str, contract: Contract) -> bool:
    """Whether a column of text holds numbers or codes of something: they are stored with ASCII digits."""
    return name in contract.key or name.endswith(("_no", "_code", "_id"))
