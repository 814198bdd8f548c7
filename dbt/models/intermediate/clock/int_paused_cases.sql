{{ config(materialized="view", schema="delta") }}

-- a pause that begins after the limit has run out no longer moves the due day
with pauses as (
    select
        pauses.case_key,
        pauses.working_days,
        pauses.calendar_days,
        pauses.is_assumed,
        pauses.counted_working_days_before <= limits.limit_length as is_within_working,
        pauses.counted_calendar_days_before <= limits.limit_length as is_within_calendar,
        pauses.counted_working_days_before <= limits.legal_length as is_within_legal_working,
        pauses.counted_calendar_days_before <= limits.legal_length as is_within_legal_calendar
    from {{ ref('int_pause_days') }} as pauses
    inner join {{ ref('int_case_limits') }} as limits on pauses.case_key = limits.case_key
)

select
    case_key,
    -- not known if any of its days is not
    cast(case when count(*) = count(working_days) then sum(working_days) end as integer) as working_days,
    cast(
        case
            when count(*) = count(working_days)
                then sum(case when is_within_working then working_days else 0 end)
        end as integer
    ) as working_days_within,
    cast(sum(case when is_within_calendar then calendar_days else 0 end) as integer) as calendar_days_within,
    cast(
        case
            when count(*) = count(working_days)
                then sum(case when is_within_legal_working then working_days else 0 end)
        end as integer
    ) as working_days_within_legal,
    cast(sum(case when is_within_legal_calendar then calendar_days else 0 end) as integer)
        as calendar_days_within_legal,
    {{ any_true('is_assumed') }} as is_pause_assumed
from pauses
group by case_key
