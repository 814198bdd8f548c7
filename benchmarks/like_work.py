"""The same work as ingest's, done with the libraries that one would choose instead.

It has one function for each library. Each does only what a file of the benchmark needs: blanks and null words, codes,
times, pseudonyms, duplicates, and a DuckDB table at the end.
"""

import hashlib
from pathlib import Path

import duckdb

KEY = b"0" * 32
CODES = {
    "办件类型": {"即办件": "immediate", "承诺件": "promised"},
    "办理形式": {"窗口办理": "counter", "电脑端": "web", "移动端": "mobile", "快递": "post", "其他": "other"},
    "办理地点": {"政务大厅": "hall", "乡镇街道": "township", "村社区": "township"},
    "办件状态": {"在办": "in_progress", "办结": "finished"},
    "承诺时限单位": {"工作日": "working_day", "自然日": "calendar_day"},
    "法定时限单位": {"工作日": "working_day", "自然日": "calendar_day"},
}
TIMES = ["申请时间", "受理时间", "承诺办结时间", "办结时间", "更新时间"]
PEOPLE = ["申请人证件号码", "联系电话"]
HEADERS = [
    "办件编号",
    "实施编码",
    "事项名称",
    "办件类型",
    "办理形式",
    "全程网办",
    "受理部门",
    "受理窗口",
    "办理地点",
    "行政区划代码",
    "乡镇街道",
    "申请人类型",
    "申请时间",
    "受理时间",
    "承诺办结时间",
    "办结时间",
    "承诺时限",
    "承诺时限单位",
    "法定时限",
    "法定时限单位",
    "办件状态",
    "办结结果",
    "更新时间",
    "申请人证件号码",
    "联系电话",
]
NULLS = ["", "\\N", "NULL", "null", "-", "无"]


def pseudonym(value: str) -> str:
    """Half of a keyed SHA-256 in hex, as `ingest.privacy` makes it in SQL."""
    return hashlib.sha256(KEY + value.encode()).hexdigest()[:32]


def with_pandas(path: Path, target: Path) -> None:
    """The file at `path` as a table in `target`, by pandas."""
    import pandas as pd

    frame = pd.read_csv(path, dtype="str", na_values=NULLS, keep_default_na=False)
    for name in frame.columns:
        frame[name] = frame[name].str.strip()
    bad = frame["办件编号"].isna() | frame["事项名称"].isna() | frame["受理部门"].isna()
    for name, codes in CODES.items():
        mapped = frame[name].map(codes)
        bad |= frame[name].notna() & mapped.isna()
        frame[name] = mapped
    for name in TIMES:
        times = pd.to_datetime(frame[name], format="%Y-%m-%d %H:%M:%S", errors="coerce")
        bad |= frame[name].notna() & times.isna()
        frame[name] = times
    for name in PEOPLE:
        frame[name] = frame[name].map(pseudonym, na_action="ignore")
    frame = frame[~bad].sort_values("更新时间").drop_duplicates("办件编号", keep="last")
    with duckdb.connect(str(target)) as connection:
        connection.execute("create table cases as from frame")


def with_polars(path: Path, target: Path) -> None:
    """The file at `path` as a table in `target`, by polars."""
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False, null_values=NULLS).with_columns(pl.all().str.strip_chars())
    coded = [pl.col(name).replace_strict(codes, default=None) for name, codes in CODES.items()]
    timed = [pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False) for name in TIMES]
    keyed = [pl.col(name).map_elements(pseudonym, return_dtype=pl.String) for name in PEOPLE]
    done = frame.with_columns(*coded, *timed, *keyed)
    good = pl.all_horizontal(pl.col("办件编号", "事项名称", "受理部门").is_not_null())
    for name in [*CODES, *TIMES]:
        good = good & (done[name].is_not_null() | frame[name].is_null())
    done = done.filter(good).sort("更新时间").unique("办件编号", keep="last", maintain_order=True)
    with duckdb.connect(str(target)) as connection:
        connection.execute("create table cases as from done")
