"""The data dictionary: every table and column of the published file, with type and meaning in Chinese and English.

It reads the comments that dbt and ingest write into the warehouse, "中文 · English". `list_tables` returns them, and
`write_page` makes docs/dictionary.md and docs/dictionary.zh.md of them. To make both anew:
`python -m dagster_project.analysts.dictionary data/warehouse.duckdb`. Exported tables are in `package.py`.
"""

import sys
from pathlib import Path
from typing import NamedTuple

import duckdb

from dagster_project.settings import PROJECT

PAGES = {"en": PROJECT / "docs" / "dictionary.md", "zh": PROJECT / "docs" / "dictionary.zh.md"}
SCHEMAS = ("marts", "quality", "reference", "raw")  # what is an interface; the rest is how the models come about
_SCHEMA_WORDS = {
    "marts": ("facts, dimensions and figures, made by dbt", "事实、维度和指标，由 dbt 生成"),
    "quality": ("files, quarantine and checks of the runs", "文件台账、隔离区和检查结果"),
    "reference": ("what the jurisdiction's configuration says", "辖区配置"),
    "raw": ("rows as conformed, every version, with file and record", "规范化后的原始记录，保留各版本"),
}
_TOP = {
    "en": "# Data dictionary\n\n[中文](dictionary.zh.md) · Generated from the comments in the warehouse by "
    "`python -m dagster_project.analysts.dictionary`; don't edit it. Queries: [analysts.md](analysts.md).\n",
    "zh": "# 数据字典\n\n[English](dictionary.md) · 由 `python -m dagster_project.analysts.dictionary` "
    "依数据库中的注释生成，请勿手工修改。查询示例见 [analysts.md](analysts.md)。\n",
}
_HEADS = {"en": ("column", "type", "meaning"), "zh": ("列", "类型", "含义")}


class Words(NamedTuple):
    """One meaning in both languages."""

    zh: str
    en: str


class Column(NamedTuple):
    """A column; `type` is DuckDB's, in lower case."""

    name: str
    type: str
    about: Words


class Table(NamedTuple):
    """A table or view of the published file, or a table macro, whose columns are its parameters."""

    schema: str
    name: str
    about: Words
    columns: tuple[Column, ...]
    is_macro: bool = False


def list_tables(connection: duckdb.DuckDBPyConnection, schemas: tuple[str, ...] = SCHEMAS) -> list[Table]:
    """The tables and views of `schemas` and their macros, in the order of schemas, then by name."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, name, kind, comment in connection.execute("""
        select schema_name, table_name, column_name, lower(data_type), comment from duckdb_columns()
        where database_name = current_catalog() order by schema_name, table_name, column_index
    """).fetchall():
        columns.setdefault((schema, table), []).append(Column(name, kind, _split(comment)))
    found = connection.execute("""
        select schema_name, table_name, comment, null from duckdb_tables() where database_name = current_catalog()
        union all
        select schema_name, view_name, comment, null from duckdb_views() where database_name = current_catalog()
        union all
        select schema_name, function_name, comment, parameters from duckdb_functions()
        where database_name = current_catalog() and function_type = 'table_macro' and not internal
        order by all
    """).fetchall()
    tables = [
        Table(schema, f"{name}({', '.join(parameters)})", _split(comment), (), True)
        if parameters is not None
        else Table(schema, name, _split(comment), tuple(columns[schema, name]))
        for schema, name, comment, parameters in found
        if schema in schemas
    ]
    return sorted(tables, key=lambda table: (schemas.index(table.schema), table.is_macro, table.name))


def write_page(tables: list[Table], language: str) -> str:
    """The page in "zh" or "en", as Markdown."""
    lines = [_TOP[language]]
    for schema in dict.fromkeys(table.schema for table in tables):
        en, zh = _SCHEMA_WORDS[schema]
        lines.append(f"## `{schema}`: {en}\n" if language == "en" else f"## `{schema}`：{zh}\n")
        for table in (table for table in tables if table.schema == schema):
            lines.append(f"### `{schema}.{table.name}`\n\n{_cell(getattr(table.about, language))}\n")
            if table.columns:
                lines.append("| " + " | ".join(_HEADS[language]) + " |\n|---|---|---|")
                lines += [
                    f"| `{column.name}` | {column.type} | {_cell(getattr(column.about, language))} |"
                    for column in table.columns
                ]
                lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _split(comment: str | None) -> Words:
    """The two halves of a comment; both are the whole if it has only one language."""
    zh, _, en = (comment or "").partition(" · ")
    return Words(zh, en or zh)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    """Write both pages from the warehouse named as the argument."""
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        tables = list_tables(connection)
    for language, path in PAGES.items():
        Path(path).write_text(write_page(tables, language), encoding="utf-8")


if __name__ == "__main__":
    main()
