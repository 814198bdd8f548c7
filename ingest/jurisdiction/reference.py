"""Writes the tables of the schema `reference` anew in every run.

It takes a connection and the folder of a jurisdiction. A warehouse of another jurisdiction is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from duckdb import DuckDBPyConnection

from ingest.errors import MappingError
from ingest.jurisdiction.calendar import build_calendar, list_office_minutes
from ingest.jurisdiction.lists import REGIONS, read_list, read_organisations
from ingest.jurisdiction.settings import Jurisdiction, load_jurisdiction
from ingest.mapping.contract import Source
from ingest.mapping.load import load_contracts, load_sources
from ingest.mapping.read_yaml import locate_fault
from ingest.sql import Columns, create_table

_TABLES: dict[str, tuple[str, Columns]] = {
    "jurisdiction": (
        "辖区 · the jurisdiction, one row",
        {
            "code": ("varchar", "行政区划代码 · region code"),
            "name": ("varchar", "名称 · name"),
            "city_word": ("varchar", "全域称谓 · how the bulletin calls the whole, e.g. 全市"),
            "language": ("varchar", "语言 · language of the bulletin and of the worklists: zh or en"),
            "bureau": ("varchar", "责任部门 · bureau that publishes"),
            "starts_on": ("date", "数据起始日 · declared first day of data; null: the files' own spans tell it"),
            "max_orphan_share": ("double", "无主评价上限 · above this share without a case nothing is published"),
        },
    ),
    "sources": (
        "数据来源 · one row a system that exports",
        {
            "source": ("varchar", "来源代码 · key of the source"),
            "name": ("varchar", "来源名称 · name"),
            "is_platform": ("boolean", "是否一网通办平台 · whether it is the integrated platform"),
            "is_overdue_counted": ("boolean", "是否纳入超期统计 · whether overdue figures cover its cases"),
            "is_inquiry_counted": ("boolean", "咨询是否计为办件 · whether its inquiries are cases"),
            "is_enrolled": ("boolean", "是否接入好差评 · whether it is enrolled in 好差评"),
            "precedence": ("integer", "优先级 · 1 governs where two sources report one case"),
            "case_no_scope": ("varchar", "编号范围 · shared or own case numbers"),
        },
    ),
    "regions": (
        "行政区划 · one row a region",
        {
            "region_code": ("varchar", "区划代码 · code"),
            "region_name": ("varchar", "区划名称 · official name"),
            "printed_name": ("varchar", "印发名称 · name that the office prints"),
            "parent_code": ("varchar", "上级区划 · parent"),
            "is_listed": ("boolean", "是否列入通报 · whether the bulletin lists it"),
            "list_order": ("integer", "排列次序 · order in lists"),
        },
    ),
    "organisations": (
        "机构 · one row an organisation that accepts cases",
        {
            "org_name": ("varchar", "机构名称 · name in exports"),
            "printed_name": ("varchar", "印发名称 · name that the office prints"),
            "venue": ("varchar", "办理地点 · hall or township"),
            "town_name": ("varchar", "所属乡镇 · printed town, null for the hall"),
            "keeps_ledger": ("boolean", "是否应建台账 · whether it must keep the ledgers"),
        },
    ),
    "calendar": (
        "工作日历 · one row a day",
        {
            "date_on": ("date", "日期 · day"),
            "is_working_day": ("boolean", "是否工作日 · whether it is a working day"),
            "holiday_name": ("varchar", "节假日 · holiday, if any"),
            "origin": (
                "varchar",
                "依据 · national, weekend where no nation's holidays are known, or who gave the holiday",
            ),
        },
    ),
    "office_minutes": (
        "办公时间 · one row a minute of a working day; none where no office hours are set",
        {
            "minute_no": ("integer", "分钟序数 · minute of the day, from 0"),
            "is_open": ("boolean", "是否办公 · whether the office is open"),
            "open_before": ("integer", "此前办公分钟 · open minutes of the day before it"),
        },
    ),
    "columns": (
        "数据项 · one row a column of a dataset's contract",
        {
            "dataset": ("varchar", "数据集 · dataset"),
            "dataset_title": ("varchar", "数据集名称 · title of the dataset"),
            "column_name": ("varchar", "列 · canonical column"),
            "header": ("varchar", "列名 · header in the contract"),
        },
    ),
    "check_tunings": (
        "检查调整 · one row a check of plausibility that the jurisdiction changes",
        {
            "check_name": ("varchar", "检查 · name of the check"),
            "change": ("varchar", "调整 · what is changed"),
            "reason": ("varchar", "理由 · why"),
        },
    ),
    "pause_kinds": (
        "挂起种类 · one row a kind of pause",
        {"kind": ("varchar", "种类 · kind"), "stops_clock": ("boolean", "是否停止计时 · whether it stops the clock")},
    ),
}


def load_reference(connection: DuckDBPyConnection, folder: Path) -> Jurisdiction:
    """Write the schema `reference` anew from the jurisdiction's files; return its settings.

    Raises MappingError, also if the warehouse belongs to another jurisdiction, because rows of both would mix.
    """
    jurisdiction = load_jurisdiction(folder)
    connection.execute("create schema if not exists reference")
    _check_owner(connection, jurisdiction, folder)
    sources = load_sources(folder)
    _check_first_day(sources, jurisdiction, folder)
    regions = read_list(folder / "regions.csv", REGIONS)
    frames = {
        "jurisdiction": pd.DataFrame([jurisdiction.model_dump(include={*_TABLES["jurisdiction"][1]})]),
        "sources": _list_sources(sources),
        "regions": regions,
        "organisations": read_organisations(folder / "organisations.csv", regions),
        "calendar": build_calendar(folder / "holidays.csv", jurisdiction.calendar, tuple(jurisdiction.weekend)),
        "office_minutes": list_office_minutes(jurisdiction.office_hours),
        "columns": pd.DataFrame(list(_list_columns()), columns=list(_TABLES["columns"][1])),
        "check_tunings": pd.DataFrame(
            [(name, tuning.words, tuning.reason) for name, tuning in jurisdiction.checks.items()],
            columns=list(_TABLES["check_tunings"][1]),
        ),
        "pause_kinds": pd.DataFrame(list(jurisdiction.pause_kinds.items()), columns=["kind", "stops_clock"]),
    }
    for table, frame in frames.items():
        about, columns = _TABLES[table]
        create_table(connection, f"reference.{table}", about, columns)
        selected = ", ".join(f"cast(nullif(cast({n} as varchar), '') as {kind})" for n, (kind, _) in columns.items())
        connection.register("frame", frame)
        # name the columns: in a table of an older release, a column that was added since stands last
        target = f"reference.{table} ({', '.join(columns)})"
        connection.execute(f"delete from reference.{table}; insert into {target} select {selected} from frame")
        connection.unregister("frame")
    return jurisdiction


def _list_sources(sources: list[Source]) -> pd.DataFrame:
    """reference.sources; overdue figures cover the platform, or all sources without one, unless a mapping says it."""
    has_platform = any(source.is_platform for source in sources)
    rows = []
    for source in sources:
        counts = source.is_platform or not has_platform if source.counts_overdue is None else source.counts_overdue
        rows.append(
            {
                **source.model_dump(include={*_TABLES["sources"][1]}),
                "is_overdue_counted": counts,
                "is_inquiry_counted": source.counts_inquiries,
            }
        )
    return pd.DataFrame(rows)


def _check_owner(connection: DuckDBPyConnection, jurisdiction: Jurisdiction, folder: Path) -> None:
    create_table(connection, "reference.jurisdiction", *_TABLES["jurisdiction"])
    other = "select name, code from reference.jurisdiction where code <> $1"
    for name, code in connection.execute(other, [jurisdiction.code]).fetchall():
        raise MappingError(
            f"{folder / 'jurisdiction.yaml'}: is {jurisdiction.name} ({jurisdiction.code}), but this warehouse holds "
            f"{name} ({code}); set TONGBAO_HOME to a folder of its own, or TONGBAO_JURISDICTION to the other"
        )


def _list_columns() -> Iterator[tuple[str, str, str, str]]:
    for dataset, contract in load_contracts().items():
        yield from ((dataset, contract.title, name, column.header) for name, column in contract.stored.items())


def _check_first_day(sources: list[Source], jurisdiction: Jurisdiction, folder: Path) -> None:
    """A file that covers all days up to its last tells no first day, and a row's own date may be mistyped."""
    for source in sources:
        for index, export in enumerate(source.exports):
            is_continuous = load_contracts()[export.dataset].is_continuous
            if is_continuous and export.covers == "all" and jurisdiction.starts_on is None:
                text = "covers: all tells no first day; write starts_on, the first day of data, into jurisdiction.yaml"
                raise locate_fault(folder / "sources" / f"{source.source}.yaml", ("exports", index, "covers"), text)
