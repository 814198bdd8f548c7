"""The ledger of files, `quality.files`: what was seen, what became of its rows, and what the next run may skip.

No row of an export is read here. It hands on which files are new, and the verdict and counts of each.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from ingest.landing.claim import Claim
from ingest.mapping.contract import Export, load_contracts
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
    "verdict": ("varchar", "结论 · loaded, refused, replaced, unclaimed or waiting"),
    "reason": ("varchar", "原因 · why a file was refused, not claimed or left for the next run"),
    "is_synthetic": ("boolean", "是否样例合成数据 · lies in a folder of generated samples"),
    "run_id": ("varchar", "运行编号 · run that read the file"),
    "mapping_hash": ("varchar", "映射指纹 · hash of the contract, mapping and pseudonym key it was read with"),
}
_QUARANTINE = {
    "file_id": ("integer", "文件序号 · file in quality.files"),
    "path": ("varchar", "落地目录内的路径 · path inside the landing folder"),
    "record": ("bigint", "记录序号 · ordinal of the record in the file, the header not counted"),
    "column_name": ("varchar", "列 · canonical column, empty when the record as a whole is malformed"),
    "header": ("varchar", "表头 · the column's header as the file has it, else the contract's"),
    "rule": ("varchar", "规则 · rule that the record breaks"),
    "value": ("varchar", "值 · offending value, masked where it may name a person"),
    "run_id": ("varchar", "运行编号 · run that read the file"),
}
_DRIFT = {
    "source": ("varchar", "来源 · source"),
    "dataset": ("varchar", "数据集 · dataset"),
    "kind": ("varchar", "种类 · added, missing, renamed, reordered, retyped (columns), new_value or volume"),
    "column_name": ("varchar", "列 · canonical column, empty where it is none"),
    "found": ("varchar", "发现 · header, rule, value or volume that departs from what the source usually sends"),
    "path": ("varchar", "文件 · the first file that shows it"),
    "files": ("bigint", "文件数 · files that show it"),
    "verdict": ("varchar", "结论 · accept, warn or refuse, by the contract"),
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
    sha256: str | None
    verdict: str
    reason: str | None = None
    encoding: str | None = None
    header: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rows_read: int = 0
    rows_quarantined: int = 0
    mapping_hash: str | None = None


@dataclass(frozen=True)
class Known:
    """What the ledger says of a file whose rows are in the warehouse."""

    sha256: str
    mapping_hash: str
    rows_quarantined: int
    rows_read: int
    covers_until: date | None


def mapping_hash(source: str, export: Export, key_mark: str) -> str:
    """A hash of all that decides what becomes of a file of `export`, but for the file: contract, mapping and key."""
    contract = load_contracts()[export.dataset]
    has_persons = any(column.personal == "pseudonym" for column in contract.columns.values())
    decides = [
        source,
        key_mark if has_persons else "",
        export.model_dump(mode="json", exclude={"files"}),
        contract.model_dump(mode="json", exclude={"title", "grain", "drift"}),
    ]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def create(connection: DuckDBPyConnection) -> None:
    """Make the schemas and the tables of `quality` where they are not there yet."""
    for schema in ("raw", "changes", "quality", "reference"):
        connection.execute(f"create schema if not exists {schema}")
    create_table(connection, "quality.files", "文件台账 · one row a file that was seen", _FILES)
    create_table(connection, "quality.quarantine", "隔离区 · one row a rule that a record breaks", _QUARANTINE)
    create_table(connection, "quality.drift", "来源变化 · one row a departure from what a source usually sends", _DRIFT)
    create_table(connection, "quality.checks", "检查结果 · one row a check of the run that published", _CHECKS)


def create_table(connection: DuckDBPyConnection, table: str, comment: str, columns: dict[str, tuple[str, str]]) -> None:
    """Create `table` with comments, or add what an older release's lacks; columns: name -> (SQL type, comment)."""
    schema, name = table.split(".")
    there = "select column_name from duckdb_columns() where schema_name = $1 and table_name = $2"
    before = {row[0] for row in connection.execute(there, [schema, name]).fetchall()}
    if not before:
        connection.execute(f"create table {table} ({', '.join(f'{n} {kind}' for n, (kind, _) in columns.items())})")
        connection.execute(f"comment on table {table} is {literal(comment)}")
    for column, (kind, about) in columns.items():
        if column in before:
            continue
        if before:
            connection.execute(f"alter table {table} add column {column} {kind}")
        connection.execute(f"comment on column {table}.{column} is {literal(about)}")


def known(connection: DuckDBPyConnection, datasets: frozenset[str]) -> dict[str, Known]:
    """path -> what the ledger says of it, for the files of `datasets` whose rows are in the warehouse."""
    columns = "path, sha256, mapping_hash, rows_quarantined, rows_read, covers_until"
    loaded = f"select {columns} from quality.files where verdict = 'loaded' and dataset in (select unnest($1))"
    found = connection.execute(loaded, [sorted(datasets)]).fetchall()
    return {path: Known(*rest) for path, *rest in found}


def next_file_id(connection: DuckDBPyConnection) -> int:
    """The first file_id that is free."""
    return connection.execute("select coalesce(max(file_id), 0) + 1 from quality.files").fetchone()[0]


def forget_unloaded(connection: DuckDBPyConnection, datasets: frozenset[str]) -> None:
    """Drop entries and quarantine of files of `datasets`, or of none, that were refused: each run judges them anew."""
    among = "(dataset is null or dataset in (select unnest($1)))"
    for statement in (
        "delete from quality.quarantine where file_id in "
        f"(select file_id from quality.files where verdict <> 'loaded' and {among})",
        f"delete from quality.files where verdict in ('refused', 'unclaimed', 'waiting') and {among}",
    ):
        connection.execute(statement, [sorted(datasets)])


def record(connection: DuckDBPyConnection, file_id: int, entry: Entry, *, run_id: str, is_synthetic: bool) -> None:
    """Write one file's entry; its loaded, superseded and duplicate counts come with `count`."""
    claim = entry.claim
    connection.execute(
        f"insert into quality.files ({', '.join(_FILES)}) values ({', '.join('?' * len(_FILES))})",
        [
            file_id, claim.name, entry.sha256, claim.found.size,
            claim.source.source if claim.source else None, claim.export.dataset if claim.export else None,
            claim.covers_until, entry.encoding, "|".join(entry.header), "|".join(entry.unknown),
            entry.rows_read, 0, 0, 0, entry.rows_quarantined, entry.verdict, entry.reason, is_synthetic, run_id,
            entry.mapping_hash,
        ],
    )  # fmt: skip


def forget_read_again(connection: DuckDBPyConnection) -> None:
    """Drop the entries of replaced files whose very bytes have been read again since."""
    connection.execute("""
        delete from quality.files as old where verdict = 'replaced' and exists (
            select 1 from quality.files as now
            where now.path = old.path and now.sha256 = old.sha256 and now.verdict <> 'replaced')
    """)


def forget_gone(connection: DuckDBPyConnection, paths: list[str]) -> None:
    """Drop the entries of files whose rows were removed because they no longer lie in the landing folder."""
    connection.execute("delete from quality.files where verdict = 'replaced' and path in (select unnest($1))", [paths])


def note_stale(connection: DuckDBPyConnection, paths: list[str], datasets: frozenset[str]) -> None:
    """Say of the loaded files at `paths`, and of no others of `datasets`, that they should be read again but can't."""
    connection.execute(
        "update quality.files set reason = case when path in (select unnest($1)) then $2 end "
        "where verdict = 'loaded' and dataset in (select unnest($3))",
        [
            paths,
            "its mapping or the pseudonym key has changed since it was read, and it lies in exports/ no more",
            sorted(datasets),
        ],
    )


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
