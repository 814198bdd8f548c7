"""The SQL that shows a person which rows fail a dbt test: what identifies each, its file and record, all masked.

It takes dbt's manifest, the test and its compiled SQL, and returns SQL for the candidate; `findings.py` writes the
rows. A generic test yields bare values, so the rows that hold them are looked up in its model, and their file and
record in `raw` by their key; a test that is a query of its own yields what it selects. Values are masked as in
quarantine, names of the county's own lists apart.
"""

from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from ingest.masks import create_listed_names
from ingest.privacy import define_privacy_macros
from ingest.rows.conform import define_conform_macros
from ingest.sql import quote_literal

_MOST = 100
_PLACE = ("_file_id", "_record")
# columns that tell a person which row it is
_IDENTITY = (
    "source_system",
    "case_key",
    "case_no",
    "evaluation_no",
    "certificate_id",
    "item_code",
    "period",
    "figure",
    "dimension",
    "member",
)
_IS_SAME_CASE = """(
    raw.case_no = regexp_replace(failing.case_key, '^[^:]*:', '')
    and (not contains(failing.case_key, ':') or raw.source_system = split_part(failing.case_key, ':', 1))
)"""
# dataset -> what joins its rows to failing rows that have these columns
_KEYS = {
    "evaluations": (
        {"source_system", "evaluation_no"},
        "raw.evaluation_no = failing.evaluation_no and raw.source_system = failing.source_system",
    ),
    "certificates": ({"certificate_id"}, "raw.certificate_id = failing.certificate_id"),
    "cases": (
        {"source_system", "case_no"},
        "raw.case_no = failing.case_no and raw.source_system = failing.source_system",
    ),
    "cases of a key": ({"case_key"}, _IS_SAME_CASE),
    "items": ({"item_code"}, "raw.item_code = failing.item_code"),
}
_SENTENCES = ("what", "line")  # columns in which a test words the row itself
_OF_LINE = ("name_of_line", "row_count")  # the name that `line` holds, and how many rows have it
_NAMES = ("org_name", "town_name", "village_name", "window_name", "item_name", "issuer_name", "type_name")


def define_masks(connection: DuckDBPyConnection) -> None:
    """Create the macros and the table of the county's own names by which values are shown."""
    define_conform_macros(connection)
    define_privacy_macros(connection)
    create_listed_names(connection)


def find_failing_rows(connection: DuckDBPyConnection, manifest: Mapping[str, Any], name: str, compiled: str) -> str:
    """SQL that yields at most 100 rows that fail the test `name`: path and record where known, then its columns.

    Columns have the Chinese labels of the manifest. Creates the macros and the temporary table that the SQL needs.
    """
    define_masks(connection)
    test = next(n for n in manifest["nodes"].values() if n["resource_type"] == "test" and n["name"] == name)
    failing, wanted = _select_rows(manifest, test, compiled)
    described = connection.execute(f"select * from ({failing}) limit 0").description
    columns = [column[0] for column in described]
    shown = [c for c in columns if c not in (*_PLACE, *_OF_LINE, "path", "record") and (wanted is None or c in wanted)]
    labels = _label_columns(manifest, test)
    written = ", ".join(f"{_mask(column, {*columns})} as {_quote(labels.get(column, column))}" for column in shown)
    place, joined = _find_place({*columns})
    return f"""
        with failing as (select * from ({failing}) order by all limit {_MOST})
        select distinct {", ".join(part for part in (place, written) if part)}
        from failing {joined} order by all limit {_MOST}
    """


def _select_rows(manifest: Mapping[str, Any], test: Mapping[str, Any], compiled: str) -> tuple[str, set[str] | None]:
    """SQL for the rows, and the columns to show; None for all."""
    if not test.get("test_metadata"):
        return compiled, None
    kind, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
    model = manifest["nodes"][test["attached_node"]]
    columns = [test["column_name"]] if test["column_name"] else list(arguments["columns"])
    found = {"unique": "unique_field", "accepted_values": "value_field", "relationships": "from_field"}.get(kind)
    names = ", ".join(map(_quote, columns))
    condition = f"({names}) in (select {found or f'({names})'} from ({compiled}) as failed)"
    if kind == "not_null":
        condition = f"{names} is null"
    return f"select * from {model['schema']}.{model['alias']} where {condition}", {*columns, *_IDENTITY}


def _find_place(columns: set[str]) -> tuple[str, str]:
    """SQL for path and record, and the joins that it needs; ('', '') if nothing tells them."""
    if "path" in columns:
        return "failing.path, " + ("failing.record" if "record" in columns else "null as record"), ""
    if columns >= {*_PLACE}:
        return (
            "files.path, failing._record as record",
            "left join quality.files as files on failing._file_id = files.file_id",
        )
    for dataset, (needed, condition) in _KEYS.items():
        if needed <= columns:
            return (
                "files.path, raw._record as record",
                f"left join raw.{dataset.split()[0]} as raw on raw._state = 'loaded' and {condition} "
                "left join quality.files as files on raw._file_id = files.file_id",
            )
    return "", ""


def _mask(column: str, columns: set[str]) -> str:
    """SQL for the value as it may be shown; a name only if the county's lists hold it, or if it names many rows."""
    text = f"cast(failing.{_quote(column)} as varchar)"
    if column == "line" and columns >= {*_OF_LINE}:
        return f"replace({text}, failing.name_of_line, shown_member(failing.name_of_line, failing.row_count))"
    if column in _SENTENCES:
        return f"case when is_personal({text}) then {quote_literal('（已遮蔽）')} else {text} end"
    if column in _NAMES:
        return f"shown_member({text}, 1)"
    if column == "member" and "dimension" in columns:
        return f"shown_member_of(failing.dimension, {text})"
    return f"case when {text} in (select name from listed_names) then {text} else shown_word({text}) end"


def _label_columns(manifest: Mapping[str, Any], test: Mapping[str, Any]) -> dict[str, str]:
    """Column -> Chinese label, from the models that the test reads; `what` keeps its name, which says what it is."""
    read = [manifest["nodes"][name] for name in test["depends_on"]["nodes"] if name in manifest["nodes"]]
    return {
        name: label
        for model in reversed(read)
        for name, column in model["columns"].items()
        if (label := column["description"].split(" · ")[0].split("：")[0])
    }


def _quote(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
