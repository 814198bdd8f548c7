{{ config(materialized="view", schema="delta") }}

-- a pause takes off the working days after the day of its start, up to and including the day of its end
with measured as (
    select
        pauses.case_key,
        pauses.pause_no,
        pauses.is_assumed,
        -- an open pause takes nothing off yet; days beyond the end of the calendar are not known
        case
            when pauses.ended_on is null then 0 else end_days.working_day_no - start_days.working_day_no
        end as working_days,
        case
            when pauses.ended_on is null then 0
            else {{ days_between('pauses.started_on', 'pauses.ended_on') }}
        end as calendar_days,
        start_days.working_day_no - accepted_days.working_day_no as working_days_since_acceptance,
        {{ days_between('cases.accepted_on', 'pauses.started_on') }} as calendar_days_since_acceptance
    from {{ ref('int_case_pauses') }} as pauses
    inner join {{ ref('int_counted_cases') }} as cases on pauses.case_key = cases.case_key
    inner join {{ ref('dim_date') }} as start_days on pauses.started_on = start_days.date_on
    inner join {{ ref('dim_date') }} as accepted_days on cases.accepted_on = accepted_days.date_on
    left join {{ ref('dim_date') }} as end_days on pauses.ended_on = end_days.date_on
)

select
    case_key,
    pause_no,
    is_assumed,
    cast(working_days as integer) as working_days,
    cast(calendar_days as integer) as calendar_days,
    cast(working_days_since_acceptance - coalesce(sum(working_days) over earlier, 0) as integer)
        as counted_working_days_before,
    cast(calendar_days_since_acceptance - coalesce(sum(calendar_days) over earlier, 0) as integer)
        as counted_calendar_days_before
from measured
window earlier as (partition by case_key order by pause_no rows between unbounded preceding and 1 preceding)
