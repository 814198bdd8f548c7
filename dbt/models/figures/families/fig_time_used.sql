-- how many promised cases of a day took how many working days: few rows, whatever the number of cases
with days as (
    select
        finished_on,
        counted_working_days,
        count(*) as case_count
    from {{ ref('fct_cases') }}
    where case_type = 'promised' and counted_working_days is not null and finished_on is not null
    group by finished_on, counted_working_days
),

counted as (
    select
        spans.starts_on,
        spans.as_of_on,
        days.counted_working_days,
        sum(days.case_count) as case_count
    from {{ ref('int_span_days') }} as spans
    inner join days on spans.date_on = days.finished_on
    group by spans.starts_on, spans.as_of_on, days.counted_working_days
),

ordered as (
    select
        starts_on,
        as_of_on,
        counted_working_days,
        sum(case_count) over (
            partition by starts_on, as_of_on order by counted_working_days rows unbounded preceding
        ) as running_count,
        sum(case_count) over (partition by starts_on, as_of_on) as timed_count
    from counted
)

select
    starts_on,
    as_of_on,
    'total' as dimension,
    'total' as member,
    max(timed_count) as timed_count,
    {{ quantile('counted_working_days', 'running_count', 'timed_count', 50) }} as median_days,
    {{ quantile('counted_working_days', 'running_count', 'timed_count', 90) }} as p90_days
from ordered
group by starts_on, as_of_on
