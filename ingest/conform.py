"""Text of an export made into typed canonical columns, in one SQL pass over a batch of like files.

Which rows are kept is not decided here; each row only gets the list of rules it breaks. It hands on the
temporary table `conformed`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from duckdb import ConversionException, DuckDBPyConnection, InvalidInputException

from ingest.compare import Layout
from ingest.contract import Column, Contract, Export
from ingest.decode import Decoded, Refused
from ingest.derive import derived, flags
from ingest.privacy import masked
from ingest.spell import BOOLEANS, FROM_FILE
from ingest.sql import case_of, literal
from ingest.totals import REPEATED_HEADER, TOTAL_ROW, repeated_header, total_row

# Words that mean "no value" in exports. An OR chain, not IN: a long IN list becomes a join and scrambles row order.
_NULL_WORDS = ("", "\\N", "NULL", "null", "-", "无")
_DATE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
                 "%Y%m%d%H%M%S", "%Y%m%d", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M",
                 "%Y.%m.%d")  # fmt: skip
_SQL_TYPES = {"text": "varchar", "code": "varchar", "date": "date", "timestamp": "timestamp", "integer": "integer",
              "number": "double", "boolean": "boolean"}  # fmt: skip
_BOOLEANS = BOOLEANS | {"1": "true", "0": "false", "Y": "true", "N": "false"}


@dataclass(frozen=True)
class Batch:
    """Files of one export with one header; `file_ids` in the order of `files`."""

    contract: Contract
    export: Export
    source: str
    layout: Layout
    files: tuple[Decoded, ...]
    file_ids: tuple[int, ...]


def define_macros(connection: DuckDBPyConnection) -> None:
    """The temporary macros that conforming needs: cleaned text and tolerant dates."""
    nulls = " or ".join(f"value = {literal(word)}" for word in _NULL_WORDS)
    connection.execute(f"""
        create or replace temp macro narrow(value) as translate(value,
            '０１２３４５６７８９／－：．　', '0123456789/-:. ');
        create or replace temp macro stated(value) as case when {nulls} then null else value end;
        create or replace temp macro clean(value) as stated(trim(value));
        create or replace temp macro clean_wide(value) as stated(trim(value, ' 	　' || chr(160)));
        create or replace temp macro to_time(value) as coalesce(
            try_cast(value as timestamp),
            try_strptime(trim(narrow(value)), [{", ".join(literal(f) for f in _DATE_FORMATS)}]),
            case when regexp_full_match(value, '[3-6][0-9]{{4}}([.][0-9]+)?')
                then timestamp '1899-12-30' + to_seconds(round(try_cast(value as double) * 86400)) end
        );
    """)


def sql_type(column: Column) -> str:
    """The DuckDB type that a column is stored as; pseudonyms are 128-bit UUIDs."""
    return "uuid" if column.personal == "pseudonym" else _SQL_TYPES[column.type]


def conform(connection: DuckDBPyConnection, batch: Batch) -> None:
    """Create `conformed`: stored columns, `_path`, `_derived`, `_source_row` and `_broken`, rowid in file order.

    `_broken`: list of 'column:rule', null for a row that conforms; `_source_row`: that row's cells, else null.
    `_derived`: names of the columns whose value no cell gave, separated by commas.
    Raises Refused when DuckDB can't read a file as CSV at all.
    """
    contract, width = batch.contract, len(batch.layout.header)
    stored = contract.stored
    texts = {name: _text(name, batch) for name in stored}
    values = {name: _value(name, column, batch) for name, column in stored.items()}
    rules = [(name, rule, sql) for name, column in stored.items() for rule, sql in _rules(name, column, batch)]
    suspected, personal = _personal([name for name in texts if name in batch.layout.positions], contract)
    total = total_row(batch)
    # a table without key has nothing else to tell its total by
    suspected += [] if contract.key else [total]
    broken = " or ".join(f"({sql})" for sql in [*(sql for *_, sql in rules), *suspected])
    listed = ", ".join(f"case when {sql} then '{name}:{rule}' end" for name, rule, sql in rules)
    cells = ", ".join(_shown(name, contract, batch) for name in stored)
    columns = "{" + ", ".join(f"'c{place}': 'varchar'" for place in range(width)) + "}"
    for table in ("reject_errors", "reject_scans"):
        connection.execute(f"drop table if exists {table}")
    read = f"""
        select *, {", ".join(f"{sql} as t_{name}" for name, sql in texts.items())}
        from read_csv({[str(file.path) for file in batch.files]}, columns = {columns},
            auto_detect = false, header = true, delim = {literal(batch.export.delimiter)},
            quote = '"', escape = '"', filename = true, store_rejects = true, rejects_limit = 0,
            max_line_size = 4000000)
    """
    statement = f"""
        create or replace temp table conformed as
        select
            {", ".join(f"v_{name} as {name}" for name in stored)},
            filename as _path,
            {flags(batch)} as _derived,
            case when not _is_broken then null when {total} then [{literal(f":{TOTAL_ROW}")}]
                when {repeated_header(batch)} then [{literal(f":{REPEATED_HEADER}")}]
                else nullif(list_filter([{listed}]::varchar[], lambda rule: rule is not null) || {personal}, [])
                end as _broken,
            case when _is_broken then [{cells}]::varchar[] end as _source_row
        from (
            select *, {broken} as _is_broken
            from (
                select *, {", ".join(f"{sql} as v_{name}" for name, sql in values.items())}
                from ({derived(read, batch)})
            )
        )
    """
    try:
        connection.execute(statement)
    except (InvalidInputException, ConversionException) as error:
        # DuckDB's own words quote the record, and whoever it names
        place = re.search(r"[Ll]ine:? (\d+)", str(error))
        raise Refused(f"can't be read as CSV{f' at line {place[1]}' if place else ''}; export it again") from None


def _text(name: str, batch: Batch) -> str:
    """The column's cell with blanks and null words gone; a constant or default where the export has none."""
    rule = batch.contract.columns[name]
    if name == "source_system":
        return literal(batch.source)
    if name in batch.export.constants:
        return literal(batch.export.constants[name])
    if name not in batch.layout.positions:
        return literal(rule.default) if rule.default is not None else "null::varchar"
    # trimming more than plain blanks costs ten times as much, so only where there is something to trim
    clean = "clean_wide" if any(file.has_wide_blanks for file in batch.files) else "clean"
    cell = f"{clean}(c{batch.layout.positions[name]})"
    for word in batch.export.null_words:
        cell = f"nullif({cell}, {literal(word)})"
    return f"coalesce({cell}, {literal(rule.default)})" if rule.default is not None else cell


def _value(name: str, rule: Column, batch: Batch) -> str:
    text = f"t_{name}"
    if rule.personal == "pseudonym":
        # one person has one pseudonym, whether a system writes x, X or full-width digits
        same = f"case when strlen({text}) = length({text}) then upper({text}) else half_width({text}) end"
        return f"case when not {_damaged(text)} then pseudonym({same}) end"
    codes = batch.export.codes.get(name, {})
    match rule.type:
        case "timestamp":
            return _time(text, batch.export)
        case "date":
            return f"cast({_time(text, batch.export)} as date)"
        case "integer":
            # a plain cast would round 3.7 to 4
            whole = f"regexp_full_match(narrow({text}), '[+-]?[0-9]{{1,9}}([.]0+)?')"
            return f"case when {whole} then cast(cast(narrow({text}) as double) as integer) end"
        case "number":
            return f"try_cast(narrow({text}) as double)"
        case "boolean":
            return case_of(text, _BOOLEANS | {label: BOOLEANS[code] for label, code in codes.items()}, quote=False)
        case "code":
            if name in batch.export.constants:
                return text
            # the source's own words first, and its meaning where both know a label
            known = rule.codes or {}
            if name in batch.export.derived:
                known = known | {code: code for code in known.values()}
            return case_of(text, codes | known | codes)
        case _:
            return (
                f"case when strlen({text}) = length({text}) then {text} else narrow({text}) end"
                if name in batch.contract.key
                else text
            )


def _rules(name: str, rule: Column, batch: Batch) -> list[tuple[str, str]]:
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
        rules.append(("damaged_by_spreadsheet", _damaged(text)))
    return rules


def _damaged(text: str) -> str:
    """A long number that a spreadsheet turned into a float: its last digits are lost for good."""
    return f"coalesce(regexp_full_match({text}, '[0-9][.][0-9]+[Ee][+][0-9]+'), false)"


def _personal(columns: list[str], contract: Contract) -> tuple[list[str], str]:
    """Cheap suspicions that a text names a person, and the list of 'column:personal' where it truly does."""
    texts = [n for n in columns if contract.columns[n].type == "text" and not contract.columns[n].personal]
    numbers = [name for name in texts if name in contract.key or name.endswith(("_no", "_code", "_id"))]
    suspected = [f"{'may_be_id' if name in numbers else 'may_hold_person'}(t_{name})" for name in texts]
    cells = ", ".join(f"{{'name': '{name}', 'cell': t_{name}, 'is_number': {name in numbers}}}" for name in texts)
    found = "lambda it: case when it.is_number then is_personal_number(it.cell) else is_personal(it.cell) end"
    return suspected, f"list_transform(list_filter([{cells}], {found}), lambda it: it.name || ':personal')"


def _shown(name: str, contract: Contract, batch: Batch) -> str:
    """What quarantine is shown of a cell; where nothing could be derived, what it was to be derived from."""
    if contract.columns[name].personal:
        return masked(f"t_{name}")
    derivation = batch.export.derived.get(name)
    parts = [part for part in derivation.parts if part not in FROM_FILE] if derivation else []
    return f"coalesce({', '.join(f't_{part}' for part in [name, *parts])})"


def _time(text: str, export: Export) -> str:
    if not export.date_formats:
        return f"to_time({text})"
    formats = ", ".join(literal(form) for form in export.date_formats)
    return f"coalesce(try_strptime(trim(narrow({text})), [{formats}]), to_time({text}))"
