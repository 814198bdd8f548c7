"""The macros that each engine writes differently, called with the same edge values on DuckDB and on Spark.

One query asks for all values at once, each as text. Expected values were worked out by hand; those of hashes are
hashlib's. Without a JRE or the extra `spark` the half of Spark is skipped.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from dagster_project.settings import DBT_PROJECT
from tests.end_to_end.test_spark import TINY

# asks dbt in a process of its own, because a session of Spark and dbt's adapters stay in theirs
_ASK = """
import contextlib, json, sys
from pathlib import Path
from dbt.cli.main import dbtRunner
from dagster_project.spark.session import open_session
target, folder, project, query = sys.argv[1:]
with open_session(Path(folder), {}) if target == "spark" else contextlib.nullcontext():
    done = dbtRunner().invoke([
        "--log-level", "none", "--log-level-file", "none", "--no-populate-cache", "show", "--inline", query, "--target",
        target, "--project-dir", folder, "--profiles-dir", project, "--target-path", folder, "--log-path", folder,
    ])
assert done.success, done.exception or [result.message for result in done.result.results]
(row,) = done.result.results[0].agate_table.rows
print(json.dumps([*row]))
"""
_PROJECT = "{name: tongbao, profile: tongbao, macro-paths: [macros], flags: {send_anonymous_usage_stats: false}}"

NO_DAY, NO_MOMENT = "cast(null as date)", "cast(null as timestamp)"
TEXTS = ["", "'", "买尔旦'江\\", "\\'", "\\\\n", "a\\'b''c", '"', "%s\t{x}", "第一行\n第二行", "𠮷 — €"]


def day(text: str) -> str:
    return f"date '{text}'"


def at(text: str) -> str:
    return f"timestamp '{text}'"


def quoted(argument: object) -> str:
    return json.dumps(argument, ensure_ascii=False)


def call(macro: str, *arguments: object) -> str:
    return f"{macro}({', '.join(quoted(argument) for argument in arguments)})"


def among(values: str, macro: str, *arguments: object) -> str:
    """A macro that aggregates, over rows of (v, n)."""
    return f"'(select ' ~ {call(macro, *arguments)} ~ {quoted(f' from (values {values}) as t (v, n))')}"


def hashed(number: str) -> str:
    return str(int.from_bytes(hashlib.md5(number.encode()).digest()[:4], "little"))


CASES: list[tuple[str, str | None]] = [
    (call("days_between", day("2024-02-28"), day("2024-03-01")), "2"),
    (call("days_between", day("2024-03-01"), day("2023-03-01")), "-366"),
    (call("days_between", NO_DAY, day("2024-03-01")), None),
    (call("days_after", day("2024-02-28"), 1), "2024-02-29"),
    (call("days_after", day("2024-03-01"), -1), "2024-02-29"),
    (call("days_after", day("2024-03-01"), "cast(null as integer)"), None),
    (call("days_after", NO_DAY, 1), None),
    (call("days_after", day("2024-12-31"), "cast(1 as bigint)"), "2025-01-01"),
    *(
        (call("seconds_between", at(f"2024-02-28 23:59:59{first}"), at(last)), seconds)
        for first, last, seconds in [
            ("", "2024-03-01 00:00:00", "86401"),
            (".5", "2024-02-29 00:00:00", "0"),  # half goes to the even number
            (".5", "2024-02-29 00:00:01", "2"),
            (".1", "2024-02-28 23:59:59.6", "0"),  # 0.5 in microseconds, more in floating point
            (".2", "2024-02-29 00:00:01.7", "2"),
            (".3", "2024-02-29 00:00:00.8", "2"),
            (".7", "2024-02-28 23:59:59.2", "0"),
            (".499999", "2024-02-29 00:00:00", "1"),
            (".500001", "2024-02-29 00:00:00", "0"),
            ("", "2024-02-28 23:59:57.5", "-2"),
            ("", "2024-02-28 00:00:00", "-86399"),
        ]
    ),
    (call("seconds_between", NO_MOMENT, at("2024-03-01 00:00:00")), None),
    (call("seconds_after", at("2024-02-28 23:59:59.000001"), 1), "2024-02-29 00:00:00.000001"),
    (call("seconds_after", at("2024-03-01 00:00:00"), -1), "2024-02-29 23:59:59"),
    (call("seconds_after", at("2024-02-28 00:00:00"), "cast(31622400 as bigint)"), "2025-02-28 00:00:00"),
    (call("seconds_after", at("2024-02-28 00:00:00"), "cast(null as integer)"), None),
    (call("seconds_after", NO_MOMENT, 1), None),
    *(
        (f"{call('time_of_day', at(one))} ~ ' < ' ~ {call('time_of_day', at(other))}", answer)
        for one, other, answer in [
            ("2024-03-02 08:59:59.999999", "2024-03-01 09:00:00", "true"),
            ("2024-03-02 09:00:00.000001", "2024-03-01 09:00:00.000002", "true"),
            ("2024-03-01 00:00:00.1", "2024-03-01 00:00:00.09", "false"),
        ]
    ),
    (f"{call('time_of_day', NO_MOMENT)} ~ ' is null'", "true"),
    (call("year_before", day("2024-02-29")), "2023-02-28"),
    (call("year_before", day("2025-02-28")), "2024-02-28"),
    (call("year_before", day("2025-03-01")), "2024-03-01"),
    (call("year_before", NO_DAY), None),
    (call("weekday_no", day("2024-03-03")), "7"),
    (call("weekday_no", day("2024-03-04")), "1"),
    (call("weekday_no", NO_DAY), None),
    (among("(true, 1), (cast(null as boolean), 2), (false, 3)", "any_true", "v"), "true"),
    (among("(false, 1), (cast(null as boolean), 2)", "any_true", "v"), "false"),
    (among("(cast(null as boolean), 1)", "any_true", "v"), None),
    (among("('乙', 2), ('甲', 1), (null, 0), ('丙', 10)", "joined_text", "v", "，", "n"), "甲，乙，丙"),
    (among("(cast(null as string), 1)", "joined_text", "v", "，", "n"), None),
    # two of four rows are no more than 3, so the median is the value of a row and not 4
    (among("(3, 2), (5, 3), (9, 4)", "quantile", "v", "n", 4, 50), "3"),
    (among("(3, 2), (5, 3), (9, 4)", "quantile", "v", "n", 4, 51), "5"),
    (among("(-9, 1), (-5, 4)", "quantile", "v", "n", 4, 90), "-5"),
    (among("(cast(null as integer), 1)", "quantile", "v", "n", 1, 50), None),
    *((f"key_hash(literal({quoted(number)}))", hashed(number)) for number in ("640181-1", "灵武办〔2022〕7号", "")),
    ("key_hash('cast(null as ' ~ text_type() ~ ')')", None),
    *((f"literal({quoted(text)})", text) for text in TEXTS),
    ("literal(none)", None),
    *((f"literal_of(literal({quoted(text)}))", "'" + text.replace("'", "''") + "'") for text in TEXTS),
]


@pytest.mark.parametrize("target", ["dev", "spark"])
def test_an_engine_gives_these_values(target, tmp_path):
    if target == "spark" and not (shutil.which("java") and importlib.util.find_spec("pyspark")):
        pytest.skip("no JRE, or no extra spark")
    shutil.copytree(DBT_PROJECT / "macros", tmp_path / "macros")
    (tmp_path / "dbt_project.yml").write_text(_PROJECT, encoding="utf-8")
    (tmp_path / "build").mkdir()
    columns = [f"cast({{{{ {asked} }}}} as {{{{ text_type() }}}}) as c{n}" for n, (asked, _) in enumerate(CASES)]
    command = [sys.executable, "-c", _ASK, target, str(tmp_path), str(DBT_PROJECT), "select " + ", ".join(columns)]
    done = subprocess.run(
        command,
        cwd=DBT_PROJECT.parent,
        env={**os.environ, "TONGBAO_HOME": str(tmp_path), "PYSPARK_SUBMIT_ARGS": TINY},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout.splitlines()[-1])
    pairs = zip(CASES, values, strict=True)
    assert [(asked, value, wanted) for (asked, wanted), value in pairs if value != wanted] == []
