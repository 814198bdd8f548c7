"""The tables `raw.<dataset>`: their columns, and the hash of a row's number.

The columns are those of the contract plus the bookkeeping below. `create_raw_tables` creates the tables and adds
columns that a contract has gained. `hash_key` gives `_key_hash`, with which a query finds the rows of a case without
reading all numbers. `load.py` fills the tables.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import Column, Contract
from ingest.mapping.load import load_contracts
from ingest.sql import Columns, create_table

_SQL_TYPES = {
    "text": "varchar",
    "code": "varchar",
    "date": "date",
    "timestamp": "timestamp",
    "integer": "integer",
    "number": "double",
    "boolean": "boolean",
}
_BOOKKEEPING: Columns = {
    "_file_id": ("integer", "文件序号 · file in quality.files"),
    "_record": ("bigint", "记录序号 · ordinal of the record in its file"),
    "_exported_on": ("date", "导出日期 · last day that the file covers"),
    "_row_hash": ("ubigint", "行指纹 · hash of the row's values"),
    "_state": ("varchar", "状态 · loaded (the current version), superseded or duplicate"),
    "_derived": ("varchar", "推导列 · columns that the mapping derived"),
    "_key_hash": ("uinteger", "编号指纹 · hash of the row's number, by which it is found without reading all numbers"),
}


def create_raw_tables(connection: DuckDBPyConnection) -> None:
    """Create `raw.<dataset>` for every contract, or add the columns that it lacks."""
    connection.execute("create schema if not exists raw")
    for contract in load_contracts().values():
        comment = f"{contract.title} · {contract.grain}"
        create_table(connection, f"raw.{contract.dataset}", comment, list_raw_columns(contract))


def list_raw_columns(contract: Contract) -> Columns:
    """The columns of `raw.<dataset>`: those of the contract that are stored, then the bookkeeping."""
    stored = {
        name: (_find_type(column), f"{column.header} · {name.replace('_', ' ')}")
        for name, column in contract.stored.items()
    }
    return stored | _BOOKKEEPING


def hash_key(contract: Contract, stored: str) -> str:
    """SQL for a 32-bit hash of the number in a row's key; dbt/macros/engine.sql has the same expression.

    Rows with equal keys have equal hashes. `stored`: the row's values as a list of columns, for keys without a number.
    """
    numbers = [name for name in contract.key if contract.columns[name].type == "text"]
    # DuckDB may change its own hash with a release, md5 stays the same.
    return f"(md5_number({numbers[-1]}) & 4294967295)::uinteger" if numbers else f"(hash({stored}) >> 32)::uinteger"


def _find_type(column: Column) -> str:
    """The DuckDB type that stores a column; a pseudonym is a 128-bit UUID."""
    return "uuid" if column.personal == "pseudonym" else _SQL_TYPES[column.type]
