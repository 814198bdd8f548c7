"""What is plausible of facts and figures, as great-expectations over small frames that SQL has worked out.

Structure (keys, types, relations) is tested by dbt, and files by ingest. It hands on suites and, for each, the
rows that break it; run as a module it is the process that judges.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Suite:
    """`query` yields (what, value): `value` must lie in [low, high]; `severity` error stops publication."""

    name: str
    asset: list[str]
    severity: str
    about: str
    query: str
    low: float | None = None
    high: float | None = None


_NAMED = "concat_ws(' ', period, figure, dimension, member) as what"
SUITES = [
    Suite(
        "rates_lie_between_0_and_1", ["figures"], "error", "比率在 0 与 1 之间；rates and shares lie in [0, 1]",
        # a stock over a flow is no share: it may exceed 1
        f"select {_NAMED}, value from marts.figures inner join marts.figure_definitions using (figure) "
        "where style in ('share', 'rate') and figure <> 'overdue_open_ratio' and value is not null",
        low=0, high=1,
    ),
    Suite(
        "counts_are_not_negative", ["figures"], "error", "计数不为负；counts are not negative",
        f"select {_NAMED}, value from marts.figures inner join marts.figure_definitions using (figure) "
        "where style in ('wan', 'exact') and figure <> 'county_gap' and value is not null",
        low=0,
    ),
    Suite(
        "months_add_up", ["figures"], "error", "各月之和等于全期；months add up to the period",
        """
        select periods.period as what, sum(months.value) - any_value(whole.value) as value
        from marts.dim_periods as periods
        inner join marts.figures as whole
            on periods.period = whole.period and whole.figure = 'case_volume' and whole.dimension = 'total'
        inner join marts.dim_periods as parts
            on parts.kind = 'month' and parts.starts_on between periods.starts_on and periods.ends_on
        inner join marts.figures as months
            on parts.period = months.period and months.figure = 'case_volume' and months.dimension = 'total'
        group by periods.period
        """,
        low=0, high=0,
    ),
    Suite(
        "daily_volume_in_band", ["fct_cases"], "warning",
        "工作日受理量在中位数的 0.3–3 倍之间；cases of a working day against the median of the 20 before it",
        """
        with days as (
            select calendar.date_on, count(cases.case_key) as cases
            from reference.calendar as calendar
            left join marts.fct_cases as cases on calendar.date_on = cases.accepted_on
            where calendar.is_working_day and calendar.date_on between
                (select max(accepted_on) from marts.fct_cases) - 90 and (select max(accepted_on) from marts.fct_cases)
            group by calendar.date_on
        ), compared as (
            select date_on, cases,
                median(cases) over (order by date_on rows between 20 preceding and 1 preceding) as usual,
                count(*) over (order by date_on rows between 20 preceding and 1 preceding) as days
            from days
        )
        select cast(date_on as varchar) as what, cases / usual as value from compared where days = 20 and usual > 0
        """,
        low=0.3, high=3,
    ),
    Suite(
        "volume_near_the_year_before", ["figures"], "warning",
        "办件量同比变动在 ±60% 以内；volume within 60% of the year before, complete periods",
        "select period as what, value / year_ago_value as value from marts.figures "
        "where figure = 'case_volume' and dimension = 'total' and is_complete and year_ago_value > 0",
        low=0.4, high=1.6,
    ),
]  # fmt: skip


def start_judge() -> subprocess.Popen:
    """A process that loads great-expectations, 3 s, while others work; it ends with its standard input."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "dagster_project.gate.plausibility"]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")


def judge(connection: "DuckDBPyConnection", process: subprocess.Popen) -> Iterator[tuple[Suite, list[dict]]]:
    """Each suite with its failing rows {what, value}; raises RuntimeError when one could not be evaluated."""
    frames = {
        suite.name: connection.execute(f"select what, value::double from ({suite.query}) order by what").fetchall()
        for suite in SUITES
    }
    answer, error = process.communicate(json.dumps(frames))
    if process.returncode:
        raise RuntimeError(f"plausibility could not be judged: {error.strip().splitlines()[-1]}")
    found = json.loads(answer)
    for suite in SUITES:
        yield suite, found[suite.name]


def _judge(gx: ModuleType, frames: dict[str, list]) -> dict[str, list[dict]]:
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batches = context.data_sources.add_pandas("warehouse").add_dataframe_asset("suite")
    definition = batches.add_batch_definition_whole_dataframe("suite")
    judged = {}
    for suite in SUITES:
        frame = pd.DataFrame(frames[suite.name], columns=["what", "value"]).astype({"what": "str", "value": "float64"})
        outcome = definition.get_batch({"dataframe": frame}).validate(
            gx.expectations.ExpectColumnValuesToBeBetween(column="value", min_value=suite.low, max_value=suite.high),
            result_format={"result_format": "SUMMARY", "partial_unexpected_count": 20,
                           "unexpected_index_column_names": ["what"]},
        )  # fmt: skip
        if outcome.exception_info and outcome.exception_info.get("raised_exception"):
            raise RuntimeError(f"{suite.name} could not be evaluated: {outcome.exception_info['exception_message']}")
        found = outcome.result.get("partial_unexpected_index_list") or []
        if not outcome.success and not found:
            raise RuntimeError(f"{suite.name} failed without failing rows: {outcome.result}")
        judged[suite.name] = [{"what": row["what"], "value": row["value"]} for row in found]
    return judged


if __name__ == "__main__":
    import great_expectations

    if given := sys.stdin.read():
        print(json.dumps(_judge(great_expectations, json.loads(given))))
