"""SQL that turns the text of an export into typed canonical columns, in one pass over a batch.

`select_typed` takes a batch and returns a query; `define_conform_macros` creates the macros that it uses. A cell that
can't be converted, such as a bad date, becomes null; `rules.py` then names the rule that it breaks. A name or a text
that reads like a person's becomes its length, see `persons.py`. Nothing is executed here except the macros.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import SOURCE_COLUMN, Column, Export
from ingest.mapping.vocabulary import BOOLEANS, DATE_FORMATS
from ingest.rows.batch import Batch
from ingest.rows.derive import add_derivations, list_derived
from ingest.sql import map_values, quote_literal

# Exports write these words for "no value".
_NULL_WORDS = ("", "\\N", "NULL", "null", "-", "无")
_LOCAL_TIME = "[0-9]{4}([-/][0-9]{1,2}){2}[T ]+[0-9]{1,2}(:[0-9]{1,2}){1,2}([.][0-9]*)?"
_OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_BOOLEANS = BOOLEANS | {"1": "true", "0": "false", "Y": "true", "N": "false"}


def define_conform_macros(connection: DuckDBPyConnection, timezone: str = "Asia/Shanghai") -> None:
    """Create the temporary macros for cleaned text (clean, clean_wide, narrow) and tolerant dates (to_time).

    A time with an offset is read if `timezone` has that offset at that time.
    """
    # DuckDB turns a long IN list into a join, which loses the order of rows; an OR chain keeps it.
    nulls = " or ".join(f"value = {quote_literal(word)}" for word in _NULL_WORDS)
    connection.execute(f"""
        create or replace temp macro narrow(value) as translate(value,
            '０１２３４５６７８９／－：．　', '0123456789/-:. ');
        create or replace temp macro stated(value) as case when {nulls} then null else value end;
        create or replace temp macro clean(value) as
            case when prefix(value, ' ') or suffix(value, ' ') then stated(trim(value)) else value end;
        create or replace temp macro clean_wide(value) as stated(trim(value, ' 	　' || chr(160) || chr(13) || chr(10)));
        create or replace temp macro without_offset(value) as
            try_cast(regexp_replace(value, {quote_literal(_OFFSET + "$")}, '') as timestamp);
        create or replace temp macro to_time(value) as coalesce(
            -- The commonest format by itself costs a fifth of the list of formats.
            try_strptime(value, {quote_literal(DATE_FORMATS[0])}),
            try_strptime(trim(narrow(value)), [{", ".join(quote_literal(f) for f in DATE_FORMATS)}]),
            -- A cast to timestamp ignores what follows the time: PM, Z or +00:00 would be hours off.
            case when regexp_full_match(value, {quote_literal(_LOCAL_TIME)}) then try_cast(value as timestamp) end,
            case when regexp_full_match(value, {quote_literal(_LOCAL_TIME + _OFFSET)})
                    and try_cast(value as timestamptz) at time zone {quote_literal(timezone)} = without_offset(value)
                then without_offset(value) end,
            case when regexp_full_match(value, '[3-6][0-9]{{4}}([.][0-9]+)?')
                then timestamp '1899-12-30' + to_seconds(round(try_cast(value as double) * 86400)) end
        );
    """)


def select_typed(batch: Batch, among: str = "true") -> str:
    """SQL for the batch's records that DuckDB can split into cells, or those of them that satisfy `among`.

    Columns: `c<place>` the cells as delivered, `t_<column>` cleaned text, `v_<column>` typed value, `_derived` (the
    columns whose value no cell gave, separated by commas), `file_index` from 0, `_row` from 1 over all files.
    """
    columns = "{" + ", ".join(f"'c{place}': 'varchar'" for place in range(len(batch.layout.header))) + "}"
    stored = batch.contract.stored
    texts = ", ".join(f"{_clean_text(name, batch)} as t_{name}" for name in stored)
    values = ", ".join(f"{_convert(name, column, batch)} as v_{name}" for name, column in stored.items())
    nulls = ", ".join(quote_literal(word) for word in dict.fromkeys((*_NULL_WORDS, *batch.export.null_words)))
    # row_number() makes DuckDB read in one thread and in file order, without more processor time.
    # buffer_size holds four of the longest lines, a quarter of DuckDB's default.
    rows = f"""
        select *, cast(file_index as bigint) as file_index, row_number() over () as _row
        from read_csv({[str(file.path) for file in batch.files]}, columns = {columns},
            auto_detect = false, header = true,
            delim = {quote_literal(batch.export.delimiter)}, quote = '"', escape = '"',
            nullstr = [{nulls}], store_rejects = true, rejects_limit = 0, max_line_size = 4000000,
            buffer_size = 16000000)
    """
    # A derivation may number the rows of a file, so it must see all of them.
    if not batch.export.derived:
        rows, among = f"select * from ({rows}) where {among}", "true"
    query = add_derivations(f"select *, {texts} from ({rows})", batch)
    return f"select *, {list_derived(batch)} as _derived, {values} from ({query}) where {among}"


def _clean_text(name: str, batch: Batch) -> str:
    """The column's cell with blanks and null words gone; a constant or default where the export has none."""
    rule = batch.contract.columns[name]
    if name == SOURCE_COLUMN and batch.export.is_of_own_source:
        return quote_literal(batch.source)
    if name in batch.export.constants:
        return quote_literal(batch.export.constants[name])
    if name not in batch.layout.positions:
        return quote_literal(rule.default) if rule.default is not None else "null::varchar"
    cell = f"c{batch.layout.positions[name]}"
    # The reader turns null words into nulls. Trimming costs as much as reading, so do it only in files with blanks.
    if any(file.has_wide_blanks for file in batch.files):
        cell = _drop_null_words(f"clean_wide({cell})", batch)
    elif any(file.has_edge_blanks for file in batch.files):
        cell = _drop_null_words(f"clean({cell})", batch)
    return f"coalesce({cell}, {quote_literal(rule.default)})" if rule.default is not None else cell


def _drop_null_words(cell: str, batch: Batch) -> str:
    for word in batch.export.null_words:
        cell = f"nullif({cell}, {quote_literal(word)})"
    return cell


def _convert(name: str, rule: Column, batch: Batch) -> str:
    text = f"t_{name}"
    if rule.personal == "pseudonym":
        # One person has one pseudonym, whether a system writes x, X or full-width digits.
        number = f"case when strlen({text}) = length({text}) then upper({text}) else half_width({text}) end"
        return f"pseudonym({number})"
    codes = batch.export.codes.get(name, {})
    match rule.type:
        case "timestamp":
            return _parse_time(text, batch.export)
        case "date":
            return f"cast({_parse_time(text, batch.export)} as date)"
        case "integer":
            # If the cast prints back the same text, skip the slower pattern, which keeps 3.7 from being rounded to 4.
            plain = f"try_cast({text} as integer)"
            is_whole = f"regexp_full_match(narrow({text}), '[+-]?[0-9]{{1,9}}([.]0+)?')"
            tolerant = f"when {is_whole} then cast(cast(narrow({text}) as double) as integer)"
            return f"case when cast({plain} as varchar) = {text} then {plain} {tolerant} end"
        case "number":
            number = f"try_cast(narrow({text}) as double)"
            return f"case when isfinite({number}) then {number} end"
        case "boolean":
            words = _BOOLEANS | {label: BOOLEANS[code] for label, code in codes.items()}
            return map_values(text, {word: value == "true" for word, value in words.items()})
        case "code":
            if name in batch.export.constants or (name == SOURCE_COLUMN and batch.export.is_of_own_source):
                return text
            labels = rule.codes or {}
            if name in batch.export.derived:
                labels = labels | {code: code for code in labels.values()}
            # The mapping's labels come first in the SQL, and win over the same label in the contract.
            return map_values(text, codes | labels | codes)
        case _:
            if batch.contract.is_identifier(name):
                return f"case when strlen({text}) = length({text}) then {text} else narrow({text}) end"
            names_person = f"reads_like_a_person({text})"
            if batch.contract.is_name(name):
                names_person = f"reads_like_a_name({text}) or {names_person}"
            return f"case when {names_person} then shape({text}) else {text} end"


def _parse_time(text: str, export: Export) -> str:
    if not export.date_formats:
        return f"to_time({text})"
    formats = ", ".join(quote_literal(form) for form in export.date_formats)
    return f"coalesce(try_strptime(trim(narrow({text})), [{formats}]), to_time({text}))"
