"""The ledger of files, `quality.files`: what was seen, what became of its rows, and what the next run may skip.

No row of an export is read here. It hands on which files are new, and the verdict and counts of each.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.claim import Claim
from ingest.contract import load_contracts
from ingest.sql import literal

_FILES = {
    "file_id": ("integer", "文件序号 · ordinal of the file in this warehouse"),
    "path": ("varchar", "落地目录内的路径 · path inside the landing folder"),
    "sha256": ("varchar", "文件指纹 · sha256 of the file as delivered"),
    "size_bytes": ("bigint", "字节数 · size in bytes"),
    "source": ("varchar", "来源 · source that claims the file"),
    "dataset": ("varchar", "数据集 · dataset that the file holds"),
    "covers_until": ("date", "数据截至日 · last day that the file's rows cover"),
    "encoding": ("varchar", "编码 · encoding found"),
    "header": ("varchar", "表头 · header as found, separated by |"),
    "unknown_headers": ("varchar", "未声明的列 · headers that no mapping declares, separated by |"),
    "rows_read": ("bigint", "读取行数 · records in the file"),
    "rows_loaded": ("bigint", "入库行数 · records that stand in the warehouse"),
    "rows_superseded": ("bigint", "被新版本取代行数 · records that a newer version replaces"),
    "rows_duplicate": ("bigint", "重复行数 · records equal to one that stands"),
    "rows_quarantined": ("bigint", "隔离行数 · records that don't conform"),
    "verdict": ("varchar", "结论 · loaded, refused, replaced or unclaimed"),
    "reason": ("varchar", "原因 · why a file was refused or not claimed"),
    "is_synthetic": ("boolean", "是否样例合成数据 · lies in a folder of generated samples"),
    "run_id": ("varchar", "运行编号 · run that read the file"),
}
_QUARANTINE = {
    "file_id": ("integer", "文件序号 · file in quality.files"),
    "path": ("varchar", "落地目录内的路径 · path inside the landing folder"),
    "record": ("bigint", "记录序号 · ordinal of the record in the file, the header not counted"),
    "column_name": ("varchar", "列 · canonical column, empty when the record as a whole is malformed"),
    "header": ("varchar", "表头 · the column's header in Chinese"),
    "rule": ("varchar", "规则 · rule that the record breaks"),
    "value": ("varchar", "值 · offending value, masked where the column is personal"),
    "run_id": ("varchar", "运行编号 · run that read the file"),
}
_CHECKS = {
    "run_id": ("varchar", "运行编号 · run that checked"),
    "asset": ("varchar", "对象 · asset that was checked"),
    "check_name": ("varchar", "检查 · name of the check"),
    "severity": ("varchar", "级别 · error stops publication, warning does not"),
    "is_passed": ("boolean", "是否通过 · whether it passed"),
    "found": ("varchar", "发现 · what was found, empty when it passed"),
}


@dataclass(frozen=True)
class Entry:
    """One file's entry before its rows are settled."""

    claim: Claim
    sha256: str
    verdict: str
    reason: str | None = None
    encoding: str | None = None
    header: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rows_read: int = 0
    rows_quarantined: int = 0


def create(connection: DuckDBPyConnection) -> None:
    """Make the schemas and the tables of `quality` where they are not there yet."""
    for schema in ("raw", "changes", "quality", "reference"):
        connection.execute(f"create schema if not exists {schema}")
    create_table(connection, "quality.files", "文件台账 · one row a file that was seen", _FILES)
    create_table(connection, "quality.quarantine", "隔离区 · one row a rule that a record breaks", _QUARANTINE)
    create_table(connection, "quality.checks", "检查结果 · one row a check of the run that published", _CHECKS)


def create_table(connection: DuckDBPyConnection, table: str, comment: str, columns: dict[str, tuple[str, str]]) -> None:
    """Create `table` with comments, unless it exists; columns: name -> (SQL type, comment)."""
    schema, name = table.split(".")
    exists = "select 1 from duckdb_tables() where schema_name = $1 and table_name = $2"
    if connection.execute(exists, [schema, name]).fetchall():
        return
    connection.execute(f"create table {table} ({', '.join(f'{n} {kind}' for n, (kind, _) in columns.items())})")
    connection.execute(f"comment on table {table} is {literal(comment)}")
    for column, (_, about) in columns.items():
        connection.execute(f"comment on column {table}.{column} is {literal(about)}")


def known(connection: DuckDBPyConnection) -> dict[str, str]:
    """path -> sha256 of the files whose rows are in the warehouse."""
    return dict(connection.execute("select path, sha256 from quality.files where verdict = 'loaded'").fetchall())


def next_file_id(connection: DuckDBPyConnection) -> int:
    """The first file_id that is free."""
    return connection.execute("select coalesce(max(file_id), 0) + 1 from quality.files").fetchone()[0]


def forget_unloaded(connection: DuckDBPyConnection) -> None:
    """Drop entries and quarantine of files that were refused or unclaimed: each run judges them anew."""
    connection.execute("""
        delete from quality.quarantine where file_id in (select file_id from quality.files where verdict <> 'loaded');
        delete from quality.files where verdict in ('refused', 'unclaimed');
    """)


def record(connection: DuckDBPyConnection, file_id: int, entry: Entry, *, run_id: str, is_synthetic: bool) -> None:
    """Write one file's entry; its loaded, superseded and duplicate counts come with `count`."""
    claim = entry.claim
    connection.execute(
        f"insert into quality.files values ({', '.join('?' * len(_FILES))})",
        [
            file_id, claim.name, entry.sha256, claim.path.stat().st_size,
            claim.source.source if claim.source else None, claim.export.dataset if claim.export else None,
            claim.covers_until, entry.encoding, "|".join(entry.header), "|".join(entry.unknown),
            entry.rows_read, 0, 0, 0, entry.rows_quarantined, entry.verdict, entry.reason, is_synthetic, run_id,
        ],
    )  # fmt: skip


def count(connection: DuckDBPyConnection) -> None:
    """Write into the ledger how the rows of each file in `touched` stand now."""
    for dataset in load_contracts():
        connection.execute(
            f"""
            update quality.files set
                rows_loaded = counted.loaded, rows_superseded = counted.superseded, rows_duplicate = counted.duplicate
            from (
                select _file_id,
                    count(*) filter (_state = 'loaded') as loaded,
                    count(*) filter (_state = 'superseded') as superseded,
                    count(*) filter (_state = 'duplicate') as duplicate
                from raw.{dataset}
                where _file_id in (select file_id from touched where dataset = '{dataset}') group by _file_id
            ) as counted
            where files.file_id = counted._file_id
            """
        )
