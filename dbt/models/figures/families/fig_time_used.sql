-- the cases of a span by the working days they took: few rows, whatever the number of cases
with counted as (
    select
        spans.starts_on,
        spans.as_of_on,
        days.dimension,
        days.member,
        days.counted_working_days,
        sum(days.case_count) as case_count
    from {{ ref('int_span_days') }} as spans
    inner join {{ ref('int_time_used_days') }} as days
        on spans.date_on = days.finished_on
    group by spans.starts_on, spans.as_of_on, days.dimension, days.member, days.counted_working_days
),

ordered as (
    select
        starts_on,
        as_of_on,
        dimension,
        member,
        counted_working_days,
        sum(case_count) over (
            partition by starts_on, as_of_on, dimension, member
            order by counted_working_days rows unbounded preceding
        ) as running_count,
        sum(case_count) over (partition by starts_on, as_of_on, dimension, member) as timed_count
    from counted
)

select
    starts_on,
    as_of_on,
    dimension,
    member,
    max(timed_count) as timed_count,
    {{ quantile('counted_working_days', 'running_count', 'timed_count', 50) }} as median_days,
    {{ quantile('counted_working_days', 'running_count', 'timed_count', 90) }} as p90_days
from ordered
group by starts_on, as_of_on, dimension, member
