"""Checks of the ledger: refused files, conservation of rows, drift, unclaimed files, quarantine, rows of no case.

Each check is an SQL query that selects what is wrong. The module takes the candidate after ingest and returns the
failing rows of each check. A blocking check stops publication. `ingest` itself decides what a file or a row must look
like.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class IngestCheck:
    """`query` yields a row for each thing that is wrong; `$optional`: sources whose files may be refused.

    `about` is the name in Chinese and English, with ； between; `remedy` says in Chinese what to do.
    """

    name: str
    is_blocking: bool
    about: str
    remedy: str
    query: str

    @property
    def severity(self) -> str:
        return "error" if self.is_blocking else "warning"


def _find_rows_of_no_case(dataset: str, *, by_case_key: bool) -> str:
    """SQL for the files of `dataset` with current rows whose case no export holds: path, what.

    With `by_case_key`, sources with shared case numbers count as one, as in dbt/macros/case_key.sql. The query reads
    `raw` and no model, so it finds the same after a delta as after a full build. It compares hashes of 32 bits, at a
    fifth of the cost of numbers: of 35 million cases, fewer than 1 row in 100 finds a wrong one by chance.
    """
    shared = "(select source from reference.sources where case_no_scope = 'shared')"
    is_same = "source = case_source"
    if by_case_key:
        is_same += f" or (source in {shared} and case_source in {shared})"
    # This join keeps the rows of `named` in memory and streams the cases.
    return f"""
        with named as (
            select _file_id, _record, source_system, case_no, _key_hash from raw.{dataset} where _state = 'loaded'
        ),
        pairs as materialized (
            select distinct named._file_id, named._record, named.source_system as source,
                cases.source_system as case_source
            from raw.cases as cases inner join named using (_key_hash) where cases._state = 'loaded'
        ),
        found as (select _file_id, _record from pairs where {is_same})
        select files.path, count(*) || ' of ' || any_value(files.rows_loaded) || ' rows name no case of an export, '
            || 'e.g. ' || min(source_system || ' ' || case_no) as what
        from named anti join found using (_file_id, _record)
            inner join quality.files as files on named._file_id = files.file_id
        group by files.file_id, files.path order by files.path
    """


# dataset -> its key, and the moments by which its rows are counted
_MOMENTS = {
    "cases": ("case_no", ("accepted_at", "finished_at")),
    "case_results": ("case_no", ("finished_at",)),
    "evaluations": ("evaluation_no", ("evaluated_at",)),
    "certificates": ("certificate_id", ("stored_at",)),
}
# A case may be reported long after it began, so only dates that can hardly be meant are far from a file's span.
_FAR_DATES = " union all ".join(
    f"select _file_id, '{moment}' as moment, cast({moment} as date) as date_on, {key} as key "
    f"from raw.{dataset} where _state = 'loaded' and {moment} is not null"
    for dataset, (key, moments) in _MOMENTS.items()
    for moment in moments
)
# When a row of a continuous dataset last changed: an update of an old case belongs to the file that brings it.
_LAST_CHANGES = """
    select _file_id, greatest(accepted_at, finished_at, closed_at, updated_at) as changed_at
    from raw.cases where _state = 'loaded' union all
    select _file_id, greatest(evaluated_at, rectified_at, revisited_at, updated_at)
    from raw.evaluations where _state = 'loaded' union all
    select _file_id, greatest(stored_at, updated_at) from raw.certificates where _state = 'loaded'
"""
CHECKS = [
    IngestCheck(
        "files_are_taken",
        True,
        "没有文件被拒收；no export was refused",
        "按所列原因更换或改正该文件；列名或代码变了的，写进该来源的映射（县级配置 sources/ 中与来源同名的 YAML）；"
        "没有它也能公布的来源，可在映射中写 is_optional: true",
        """
        select path, reason from quality.files
        where verdict = 'refused' and source not in (select unnest($optional)) order by path
        """,
    ),
    IngestCheck(
        "rows_are_conserved",
        True,
        "读取 = 入库 + 取代 + 重复 + 隔离；rows are conserved, file by file",
        "这是读取文件的程序错误：请把该文件名与本次运行的结论页交给维护人员",
        """
        select path, rows_read, rows_loaded, rows_superseded, rows_duplicate, rows_quarantined from quality.files
        where rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined order by path
        """,
    ),
    IngestCheck(
        "drift_is_tolerated",
        True,
        "来源变化在合同允许之内；no departure that a contract refuses",
        "请来源单位按合同重新导出；来源确已改版的，修改其映射",
        """
        select drift.path, concat_ws(' ', drift.kind, drift.column_name, drift.found) as what
        from quality.drift as drift
        where drift.verdict = 'refuse' and drift.path in (select path from quality.files where verdict = 'loaded')
            and drift.source not in (select unnest($optional)) order by all
        """,
    ),
    IngestCheck(
        "exports_have_not_drifted",
        False,
        "列、代码与行数同以往一致；columns, codes and volumes are as usual",
        "核对来源是否改版：列改名写入映射，新代码写入代码对照",
        """
        select path, concat_ws(' ', kind, column_name, found) as what, files from quality.drift
        where verdict = 'warn' order by kind <> 'volume', path, what
        """,
    ),
    IngestCheck(
        "files_are_read_with_their_mapping",
        False,
        "文件均按现行映射读取；no file's mapping changed after it left",
        "把文件放回 exports 后重新运行，即按现行映射再读",
        "select path, reason from quality.files where verdict = 'loaded' and reason is not null order by path",
    ),
    IngestCheck(
        "files_are_claimed",
        False,
        "每个文件都有来源认领；every file is claimed by one source",
        "改正文件名，或在映射的 files 中写上它；不是导出的，移出 exports",
        "select path, reason from quality.files where verdict = 'unclaimed' order by path",
    ),
    IngestCheck(
        "nothing_is_quarantined",
        False,
        "入库的文件没有行被隔离；no record of a loaded file was set aside",
        "tongbao quarantine 列出这些行；改正导出或映射后，用 tongbao replay 再读",
        """
        select path, rows_quarantined from quality.files
        where verdict = 'loaded' and rows_quarantined > 0 order by path
        """,
    ),
    IngestCheck(
        "pauses_have_their_case",
        False,
        "每次挂起都找得到办件；every pause finds its case",
        "请来源单位补齐办件导出，或核对挂起记录的办件编号",
        _find_rows_of_no_case("case_pauses", by_case_key=True),
    ),
    IngestCheck(
        "results_have_their_case",
        False,
        "每条办结信息都找得到办件；every result finds its case",
        "请来源单位补齐办件导出，或核对办结信息的办件编号",
        _find_rows_of_no_case("case_results", by_case_key=False),
    ),
    IngestCheck(
        "files_cover_their_rows",
        False,
        "文件涵盖的日子与其中的行相符；most rows of a file are of the days that it covers, else declare `covers`",
        "在该来源的映射中写上 covers",
        f"""
        select files.path, count(*) filter (changes.changed_at < files.covers_from - 7) || ' of ' || count(*)
            || ' rows are of days before ' || files.covers_from || ': write covers into the mapping' as what
        from ({_LAST_CHANGES}) as changes inner join quality.files as files on changes._file_id = files.file_id
        where files.covers_from is not null and changes.changed_at is not null
        group by files.path, files.covers_from
        having count(*) filter (changes.changed_at < files.covers_from - 7) * 2 > count(*) order by files.path
        """,
    ),
    IngestCheck(
        "dates_lie_near_their_file",
        False,
        "日期在文件所涵盖的日子附近；dates lie within two years before and a month after what their file covers",
        "请来源单位改正这些日期；确属历史补录的，在映射中写明 covers",
        f"""
        select files.path, dates.moment || ' ' || count(*) as what,
            array_to_string(
                list(dates.key || ' ' || dates.date_on order by dates.date_on, dates.key)[:20], ', '
            ) as keys
        from ({_FAR_DATES}) as dates inner join quality.files as files on dates._file_id = files.file_id
        cross join (select max(starts_on) as starts_on from reference.jurisdiction) as declared
        where dates.date_on < coalesce(files.covers_from, declared.starts_on) - interval 2 year
            or dates.date_on > files.covers_until + 31
        group by files.path, dates.moment order by files.path, dates.moment
        """,
    ),
]


def judge_ledger(
    connection: DuckDBPyConnection, optional_sources: Collection[str]
) -> Iterator[tuple[IngestCheck, list[dict[str, str]]]]:
    """Each check with its failing rows, as texts by column."""
    for check in CHECKS:
        parameters = {"optional": list(optional_sources)} if "$optional" in check.query else {}
        found = connection.execute(check.query, parameters)
        columns = [column[0] for column in found.description]
        yield check, [dict(zip(columns, map(str, row), strict=True)) for row in found.fetchall()]
