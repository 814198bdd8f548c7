{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched(key='case_key')) }}"
) }}

{% set forever = "timestamp '9999-12-31 00:00:00'" %}

-- only days between acceptance and settlement can stop the clock; an open pause has no end yet
with clipped as (
    select
        stops.case_key,
        stops.is_assumed,
        greatest(stops.started_at, cases.accepted_at) as started_at,
        least(
            coalesce(stops.ended_at, {{ forever }}), coalesce(cases.settled_at, {{ forever }})
        ) as ended_at
    from {{ ref('int_clock_stops') }} as stops
    inner join {{ ref('int_counted_cases') }} as cases on stops.case_key = cases.case_key
),

-- Two sources may report the same pause. Equal pauses are grouped first: the two windows below may each
-- take equal rows in another order, and a pause would then be counted twice.
different as (
    select
        case_key,
        started_at,
        ended_at,
        {{ any_true('is_assumed') }} as is_assumed
    from clipped
    where started_at < ended_at
    group by case_key, started_at, ended_at
),

compared as (
    select
        case_key,
        is_assumed,
        started_at,
        ended_at,
        max(ended_at) over (
            partition by case_key
            order by started_at, ended_at
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from different
),

-- merge overlapping and adjacent pauses
numbered as (
    select
        case_key,
        is_assumed,
        started_at,
        ended_at,
        sum(case when started_at <= reached_at then 0 else 1 end) over (
            partition by case_key order by started_at, ended_at rows unbounded preceding
        ) as pause_no
    from compared
)

select
    case_key,
    cast(pause_no as integer) as pause_no,
    min(started_at) as started_at,
    nullif(max(ended_at), {{ forever }}) as ended_at,
    cast(min(started_at) as date) as started_on,
    cast(nullif(max(ended_at), {{ forever }}) as date) as ended_on,
    {{ any_true('is_assumed') }} as is_assumed
from numbered
group by case_key, pause_no
