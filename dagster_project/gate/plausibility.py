"""The plausibility checks of facts and figures: each is an SQL query and the range that its values must lie in.

`judge_suites` takes the candidate after the models are built. SQL computes small frames, and a helper process
(`expectations_worker.py`) evaluates them with great-expectations. It returns, for each suite, the rows outside the
range. dbt's tests check structure (keys, types, relations); `ingest_checks.py` checks files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from dagster_project.helper_process import HelperProcess


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
        "rates_lie_between_0_and_1",
        ["figures"],
        "error",
        "比率在 0 与 1 之间；rates and shares lie in [0, 1]",
        # a stock divided by a flow is no share, so it may exceed 1
        f"select {_NAMED}, value from marts.figures inner join marts.figure_definitions using (figure) "
        "where style in ('share', 'rate') and figure <> 'overdue_open_ratio' and value is not null",
        low=0,
        high=1,
    ),
    Suite(
        "counts_are_not_negative",
        ["figures"],
        "error",
        "计数不为负；counts are not negative",
        f"select {_NAMED}, value from marts.figures inner join marts.figure_definitions using (figure) "
        "where style in ('wan', 'exact') and figure <> 'county_gap' and value is not null",
        low=0,
    ),
    Suite(
        "months_add_up",
        ["figures"],
        "error",
        "各月之和等于全期；months add up to the period",
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
        low=0,
        high=0,
    ),
    Suite(
        "daily_volume_in_band",
        ["fct_cases"],
        "warning",
        "工作日受理量在中位数的 0.3–3 倍之间；cases of a working day against the median of the 20 before it",
        """
        with days as (
            select calendar.date_on, count(cases.case_key) as cases
            from reference.calendar as calendar
            left join marts.fct_cases as cases on calendar.date_on = cases.accepted_on
            -- not the last date found in a row: one that is mistyped may lie in the future
            where calendar.is_working_day and calendar.date_on between
                (select max(as_of_on) from marts.dim_periods) - 90 and (select max(as_of_on) from marts.dim_periods)
            group by calendar.date_on
        ), compared as (
            select date_on, cases,
                median(cases) over (order by date_on rows between 20 preceding and 1 preceding) as usual,
                count(*) over (order by date_on rows between 20 preceding and 1 preceding) as days
            from days
        )
        select cast(date_on as varchar) as what, cases / usual as value from compared where days = 20 and usual > 0
        """,
        low=0.3,
        high=3,
    ),
    Suite(
        "volume_near_the_year_before",
        ["figures"],
        "warning",
        "办件量同比变动在 ±60% 以内；volume within 60% of the year before, complete periods",
        "select period as what, value / year_ago_value as value from marts.figures "
        "where figure = 'case_volume' and dimension = 'total' and is_complete and year_ago_value > 0",
        low=0.4,
        high=1.6,
    ),
]


def judge_suites(
    connection: DuckDBPyConnection, helper: HelperProcess, suites: Sequence[Suite]
) -> Iterator[tuple[Suite, list[dict]]]:
    """Each suite with its failing rows {what, value}; raises HelperError if one could not be evaluated."""
    frames = [
        {
            "name": suite.name,
            "low": suite.low,
            "high": suite.high,
            "rows": connection.execute(f"select what, value::double from ({suite.query}) order by what").fetchall(),
        }
        for suite in suites
    ]
    yield from zip(suites, helper.ask(frames), strict=True)
