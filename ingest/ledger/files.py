"""The ledger `quality.files`: one row a file that was seen, and dataset that it feeds, with its verdict and row counts.

The run writes an entry for every file here and asks which files it may skip. The module also creates the other tables
of `quality`; `rows/quarantine.py`, `drift.py` and the gate fill them. Exports aren't read here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest import persons
from ingest.landing.claim import Claim, FileKey
from ingest.landing.pick import LoadedFile
from ingest.mapping.contract import Export
from ingest.mapping.load import load_contracts
from ingest.sql import Columns, create_table

_FILES: Columns = {
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
    "rows_loaded": ("bigint", "入库行数 · records that are current in the warehouse"),
    "rows_superseded": ("bigint", "被新版本取代行数 · records that a newer version replaces"),
    "rows_duplicate": ("bigint", "重复行数 · records equal to a current one"),
    "rows_quarantined": ("bigint", "隔离行数 · records that don't conform"),
    "verdict": ("varchar", "结论 · loaded, refused, replaced, unclaimed or waiting"),
    "reason": ("varchar", "原因 · why a file was refused, not claimed or left for the next run"),
    "is_synthetic": ("boolean", "是否样例合成数据 · in a folder of generated samples"),
    "run_id": ("varchar", "运行编号 · run that read the file"),
    "mapping_hash": ("varchar", "映射指纹 · hash of the contract, mapping and pseudonym key it was read with"),
    "covers_from": ("date", "数据起始日 · first day that the file's rows cover; null where it covers all days before"),
}
_QUARANTINE: Columns = {
    "file_id": ("integer", "文件序号 · file in quality.files"),
    "path": ("varchar", "落地目录内的路径 · path inside the landing folder"),
    "record": ("bigint", "记录序号 · ordinal of the record in the file, the header not counted"),
    "column_name": ("varchar", "列 · canonical column, empty when the record as a whole is malformed"),
    "header": ("varchar", "表头 · the column's header as the file has it, else the contract's"),
    "rule": ("varchar", "规则 · rule that the record breaks"),
    "value": ("varchar", "值 · offending value, masked where it may name a person"),
    "run_id": ("varchar", "运行编号 · run that read the file"),
}
_DRIFT: Columns = {
    "source": ("varchar", "来源 · source"),
    "dataset": ("varchar", "数据集 · dataset"),
    "kind": ("varchar", "种类 · added, missing, renamed, reordered, retyped (columns), new_value or volume"),
    "column_name": ("varchar", "列 · canonical column, empty where it is none"),
    "found": ("varchar", "发现 · header, rule, value or volume that departs from what the source usually sends"),
    "path": ("varchar", "文件 · the first file that shows it"),
    "files": ("bigint", "文件数 · files that show it"),
    "verdict": ("varchar", "结论 · accept, warn or refuse, by the contract"),
}
_SUPPLIED: Columns = {
    "source": ("varchar", "来源 · source"),
    "dataset": ("varchar", "数据集 · dataset"),
    "column_name": ("varchar", "列 · canonical column that the source's files supply"),
    "constant_value": ("varchar", "固定值 · the one value that the mapping gives to every row; null where rows differ"),
    "covered_from": ("date", "起始日 · first day of an uninterrupted run of days; null: all days before"),
    "covered_until": ("date", "截至日 · last day of it; null: all days after"),
}
_CHECKS: Columns = {
    "run_id": ("varchar", "运行编号 · run that checked"),
    "asset": ("varchar", "对象 · asset that was checked"),
    "check_name": ("varchar", "检查 · name of the check"),
    "severity": ("varchar", "级别 · error stops publication, warning does not"),
    "is_passed": ("boolean", "是否通过 · whether it passed"),
    "found": ("varchar", "发现 · what was found, empty when it passed"),
}


@dataclass(frozen=True)
class LedgerEntry:
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


def hash_mapping(source: str, export: Export, key_mark: str) -> str:
    """A hash of everything except the file that decides what its rows become: contract, mapping and pseudonym key.

    It covers how persons are recognised too, so that a release that finds more of them reads all files again.
    """
    contract = load_contracts()[export.dataset]
    has_pseudonyms = any(column.personal == "pseudonym" for column in contract.columns.values())
    inputs = [
        source,
        key_mark if has_pseudonyms else "",
        persons.MACROS,
        export.model_dump(mode="json", exclude={"files", "covers"}),
        contract.model_dump(mode="json", exclude={"title", "grain", "drift", "is_timeless"}),
    ]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def create_quality_tables(connection: DuckDBPyConnection) -> None:
    """Create the schema `quality` and its tables, or add columns that an older release's tables lack."""
    connection.execute("create schema if not exists quality")
    create_table(connection, "quality.files", "文件台账 · one row a file that was seen", _FILES)
    create_table(connection, "quality.quarantine", "隔离区 · one row a rule that a record breaks", _QUARANTINE)
    create_table(connection, "quality.drift", "来源变化 · one row a departure from what a source usually sends", _DRIFT)
    about = "数据供给 · one row a column that a source supplies, and a run of days for which its files do"
    create_table(connection, "quality.supplied", about, _SUPPLIED)
    create_table(connection, "quality.checks", "检查结果 · one row a check of the run that published", _CHECKS)


def list_loaded_files(connection: DuckDBPyConnection, datasets: frozenset[str]) -> dict[FileKey, LoadedFile]:
    """(path, dataset) -> ledger entry, of the files of `datasets` whose rows are in the warehouse."""
    columns = "path, dataset, sha256, mapping_hash, rows_quarantined, rows_read, covers_until"
    query = f"select {columns} from quality.files where verdict = 'loaded' and dataset in (select unnest($1))"
    rows = connection.execute(query, [sorted(datasets)]).fetchall()
    return {(path, dataset): LoadedFile(*rest) for path, dataset, *rest in rows}


def find_next_id(connection: DuckDBPyConnection) -> int:
    """The first file id that is free."""
    return connection.execute("select coalesce(max(file_id), 0) + 1 from quality.files").fetchone()[0]


def delete_unloaded_entries(connection: DuckDBPyConnection, datasets: frozenset[str]) -> None:
    """Delete entries and quarantine of unloaded files of `datasets`, or of none: each run judges them anew."""
    among = "(dataset is null or dataset in (select unnest($1)))"
    unloaded = f"select file_id from quality.files where verdict <> 'loaded' and {among}"
    for statement in (
        f"delete from quality.quarantine where file_id in ({unloaded})",
        f"delete from quality.files where verdict in ('refused', 'unclaimed', 'waiting') and {among}",
    ):
        connection.execute(statement, [sorted(datasets)])


def record_file(
    connection: DuckDBPyConnection, file_id: int, entry: LedgerEntry, *, run_id: str, is_synthetic: bool
) -> None:
    """Write one file's entry; `count_rows` writes its loaded, superseded and duplicate counts later."""
    claim = entry.claim
    connection.execute(
        f"insert into quality.files ({', '.join(_FILES)}) values ({', '.join('?' * len(_FILES))})",
        [
            file_id,
            claim.name,
            entry.sha256,
            claim.file.size,
            claim.source.source if claim.source else None,
            claim.export.dataset if claim.export else None,
            claim.covers_until,
            entry.encoding,
            "|".join(entry.header),
            "|".join(entry.unknown),
            entry.rows_read,
            *(0, 0, 0),
            entry.rows_quarantined,
            entry.verdict,
            entry.reason,
            is_synthetic,
            run_id,
            entry.mapping_hash,
            None,  # `supply.py` writes the first day of every file anew in each run
        ],
    )


def delete_reread_entries(connection: DuckDBPyConnection) -> None:
    """Delete the entries of replaced files if the same bytes were read again from the same path since."""
    connection.execute("""
        delete from quality.files as old where verdict = 'replaced' and exists (
            select 1 from quality.files as now
            where now.path = old.path and now.sha256 = old.sha256 and now.verdict <> 'replaced')
    """)


def delete_gone_entries(connection: DuckDBPyConnection, keys: list[FileKey]) -> None:
    """Delete the entries of files whose rows were removed because the files left the landing folder."""
    paths = [path for path, _ in keys]
    connection.execute("delete from quality.files where verdict = 'replaced' and path in (select unnest($1))", [paths])


def mark_stale(connection: DuckDBPyConnection, keys: list[FileKey], datasets: frozenset[str]) -> None:
    """Give the loaded files `keys`, and no others of `datasets`, the reason why they can't be read again."""
    reason = "its mapping or the pseudonym key has changed since it was read, and it is gone from exports/"
    connection.execute(
        "update quality.files set reason = case when (path, dataset) in "
        "(select unnest($1::varchar[]), unnest($2::varchar[])) then $3 end "
        "where verdict = 'loaded' and dataset in (select unnest($4))",
        [[path for path, _ in keys], [dataset for _, dataset in keys], reason, sorted(datasets)],
    )


def count_rows(connection: DuckDBPyConnection, dataset: str, file_ids: list[int]) -> None:
    """Write into the entries of the files `file_ids` of `dataset` how many of their rows are in each state."""
    connection.execute(
        f"""
        update quality.files set
            rows_loaded = counted.loaded, rows_superseded = counted.superseded, rows_duplicate = counted.duplicate
        from (
            select _file_id,
                count(*) filter (_state = 'loaded') as loaded,
                count(*) filter (_state = 'superseded') as superseded,
                count(*) filter (_state = 'duplicate') as duplicate
            from raw.{dataset} where _file_id in (select unnest($1)) group by _file_id
        ) as counted
        where files.file_id = counted._file_id
        """,
        [file_ids],
    )
