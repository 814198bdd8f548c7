"""Text of an export made into typed canonical columns, in one SQL pass over a batch of like files.

What a cell must be is not decided here (`rules` does), and nothing is written. It hands on SQL for the records of a
batch, and the macros that this SQL is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from duckdb import ConversionException, DuckDBPyConnection, InvalidInputException

from ingest.mapping.contract import Column, Contract, Export
from ingest.mapping.vocabulary import BOOLEANS
from ingest.reading.compare import Layout
from ingest.reading.decode import Decoded, Refused
from ingest.rows.derive import derived, flags
from ingest.rows.rules import is_number
from ingest.sql import case_of, literal

# words that mean "no value" in exports
_NULL_WORDS = ("", "\\N", "NULL", "null", "-", "无")
_DATE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
                 "%Y%m%d%H%M%S", "%Y%m%d", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M",
                 "%Y.%m.%d")  # fmt: skip
_LOCAL_TIME = "[0-9]{4}([-/][0-9]{1,2}){2}[T ]+[0-9]{1,2}(:[0-9]{1,2}){1,2}([.][0-9]*)?([+]08(:?00)?)?"
_SQL_TYPES = {"text": "varchar", "code": "varchar", "date": "date", "timestamp": "timestamp", "integer": "integer",
              "number": "double", "boolean": "boolean"}  # fmt: skip
_BOOLEANS = BOOLEANS | {"1": "true", "0": "false", "Y": "true", "N": "false"}


@dataclass(frozen=True)
class Batch:
    """Files of one export with one header; their ids are `first_id` and those that follow, in the order of `files`."""

    contract: Contract
    export: Export
    source: str
    layout: Layout
    files: tuple[Decoded, ...]
    first_id: int

    @property
    def ids(self) -> range:
        return range(self.first_id, self.first_id + len(self.files))

    @property
    def starts(self) -> list[int]:
        """How many records lie before each file's first."""
        return list(accumulate((file.records for file in self.files[:-1]), initial=0))


def define_macros(connection: DuckDBPyConnection) -> None:
    """The temporary macros that conforming needs: cleaned text and tolerant dates."""
    # an OR chain, not IN: a long IN list becomes a join and scrambles row order
    nulls = " or ".join(f"value = {literal(word)}" for word in _NULL_WORDS)
    connection.execute(f"""
        create or replace temp macro narrow(value) as translate(value,
            '０１２３４５６７８９／－：．　', '0123456789/-:. ');
        create or replace temp macro stated(value) as case when {nulls} then null else value end;
        create or replace temp macro clean(value) as
            case when prefix(value, ' ') or suffix(value, ' ') then stated(trim(value)) else value end;
        create or replace temp macro clean_wide(value) as stated(trim(value, ' 	　' || chr(160) || chr(13) || chr(10)));
        create or replace temp macro to_time(value) as coalesce(
            -- the commonest alone, at a fifth of what a list of formats costs
            try_strptime(value, {literal(_DATE_FORMATS[0])}),
            try_strptime(trim(narrow(value)), [{", ".join(literal(f) for f in _DATE_FORMATS)}]),
            -- a cast passes over what follows the time: PM, Z and +00:00 would be hours off
            case when regexp_full_match(value, {literal(_LOCAL_TIME)}) then try_cast(value as timestamp) end,
            case when regexp_full_match(value, '[3-6][0-9]{{4}}([.][0-9]+)?')
                then timestamp '1899-12-30' + to_seconds(round(try_cast(value as double) * 86400)) end
        );
    """)


def sql_type(column: Column) -> str:
    """The DuckDB type that a column is stored as; pseudonyms are 128-bit UUIDs."""
    return "uuid" if column.personal == "pseudonym" else _SQL_TYPES[column.type]


def typed(batch: Batch, among: str = "true") -> str:
    """SQL for the batch's records, or those `among`, of which DuckDB can tell the cells apart.

    Columns: `c<place>` the cells as delivered, `t_<column>` cleaned text, `v_<column>` typed value, `_derived` (the
    columns whose value no cell gave, separated by commas), `file_index` from 0, `_row` from 1 over all files.
    """
    columns = "{" + ", ".join(f"'c{place}': 'varchar'" for place in range(len(batch.layout.header))) + "}"
    stored = batch.contract.stored
    texts = ", ".join(f"{_text(name, batch)} as t_{name}" for name in stored)
    values = ", ".join(f"{_value(name, column, batch)} as v_{name}" for name, column in stored.items())
    nulls = ", ".join(literal(word) for word in dict.fromkeys((*_NULL_WORDS, *batch.export.null_words)))
    # buffers for four of the longest lines are enough, and a quarter of DuckDB's own
    # the row number makes DuckDB read in one thread and in order; it costs no processor time
    rows = f"""
        select *, cast(file_index as bigint) as file_index, row_number() over () as _row
        from read_csv({[str(file.path) for file in batch.files]}, columns = {columns},
            auto_detect = false, header = true, delim = {literal(batch.export.delimiter)}, quote = '"', escape = '"',
            nullstr = [{nulls}], store_rejects = true, rejects_limit = 0, max_line_size = 4000000,
            buffer_size = 16000000)
    """
    # what is derived may depend on all rows of a file
    if not batch.export.derived:
        rows, among = f"select * from ({rows}) where {among}", "true"
    query = derived(f"select *, {texts} from ({rows})", batch)
    return f"select *, {flags(batch)} as _derived, {values} from ({query}) where {among}"


def read(connection: DuckDBPyConnection, statement: str) -> None:
    """Execute what reads a batch; raises Refused when DuckDB can't read a file as CSV at all.

    What it could not tell apart is then in `reject_errors` and `reject_scans`.
    """
    for table in ("reject_errors", "reject_scans"):
        connection.execute(f"drop table if exists {table}")
    # the row number keeps rows in order and to one thread: told of either besides, DuckDB would gather all of them once
    # more, and keep buffers for threads that have nothing to do
    connection.execute("set preserve_insertion_order = false; set threads = 1")
    try:
        connection.execute(statement)
    except (InvalidInputException, ConversionException) as error:
        # DuckDB's own words quote the record, and whoever it names
        place = re.search(r"[Ll]ine:? (\d+)", str(error))
        raise Refused(f"can't be read as CSV{f' at line {place[1]}' if place else ''}; export it again") from None
    finally:
        connection.execute("reset preserve_insertion_order; reset threads")


def _text(name: str, batch: Batch) -> str:
    """The column's cell with blanks and null words gone; a constant or default where the export has none."""
    rule = batch.contract.columns[name]
    if name == "source_system":
        return literal(batch.source)
    if name in batch.export.constants:
        return literal(batch.export.constants[name])
    if name not in batch.layout.positions:
        return literal(rule.default) if rule.default is not None else "null::varchar"
    cell = f"c{batch.layout.positions[name]}"
    # null words are the reader's to find; to trim costs as much as to read, so only where there is something to trim
    if any(file.has_wide_blanks for file in batch.files):
        cell = _said(f"clean_wide({cell})", batch)
    elif any(file.has_edge_blanks for file in batch.files):
        cell = _said(f"clean({cell})", batch)
    return f"coalesce({cell}, {literal(rule.default)})" if rule.default is not None else cell


def _said(cell: str, batch: Batch) -> str:
    for word in batch.export.null_words:
        cell = f"nullif({cell}, {literal(word)})"
    return cell


def _value(name: str, rule: Column, batch: Batch) -> str:
    text = f"t_{name}"
    if rule.personal == "pseudonym":
        # one person has one pseudonym, whether a system writes x, X or full-width digits
        same = f"case when strlen({text}) = length({text}) then upper({text}) else half_width({text}) end"
        return f"pseudonym({same})"
    codes = batch.export.codes.get(name, {})
    match rule.type:
        case "timestamp":
            return _time(text, batch.export)
        case "date":
            return f"cast({_time(text, batch.export)} as date)"
        case "integer":
            # a plain cast would round 3.7 to 4; what is written as a whole number is written, spares the pattern
            plain, whole = (
                f"try_cast({text} as integer)",
                f"regexp_full_match(narrow({text}), '[+-]?[0-9]{{1,9}}([.]0+)?')",
            )
            tolerant = f"when {whole} then cast(cast(narrow({text}) as double) as integer)"
            return f"case when cast({plain} as varchar) = {text} then {plain} {tolerant} end"
        case "number":
            number = f"try_cast(narrow({text}) as double)"
            return f"case when isfinite({number}) then {number} end"
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
                if is_number(name, batch.contract)
                else text
            )


def _time(text: str, export: Export) -> str:
    if not export.date_formats:
        return f"to_time({text})"
    formats = ", ".join(literal(form) for form in export.date_formats)
    return f"coalesce(try_strptime(trim(narrow({text})), [{formats}]), to_time({text}))"
