{{ config(materialized="view", schema="delta") }}

{% set counted_days = 'finished_days.working_day_no - due.accepted_no - due.paused_working_days' %}

with calendar as (
    select max(days.date_on) as ends_on from {{ ref('dim_date') }} as days
),

measured as (
    select
        limits.case_key,
        limits.case_type,
        limits.accepted_on,
        limits.finished_on,
        limits.platform_due_on,
        limits.limit_basis,
        limits.limit_length,
        limits.limit_unit,
        limits.legal_unit,
        accepted_days.working_day_no as accepted_no,
        {{ days_paused('paused', 'working_days') }} as paused_working_days,
        limits.limit_length + {{ days_paused('paused', 'working_days_within') }} as working_days_allowed,
        limits.limit_length + {{ days_paused('paused', 'calendar_days_within') }} as calendar_days_allowed,
        limits.legal_length + {{ days_paused('paused', 'working_days_within_legal') }}
            as legal_working_days_allowed,
        limits.legal_length + {{ days_paused('paused', 'calendar_days_within_legal') }}
            as legal_calendar_days_allowed,
        coalesce(paused.is_pause_assumed, false) as is_pause_assumed
    from {{ ref('int_case_limits') }} as limits
    left join {{ ref('dim_date') }} as accepted_days on limits.accepted_on = accepted_days.date_on
    left join {{ ref('int_paused_cases') }} as paused on limits.case_key = paused.case_key
),

due as (
    select
        measured.case_key,
        measured.case_type,
        measured.accepted_no,
        measured.finished_on,
        measured.platform_due_on,
        measured.limit_basis,
        measured.limit_length,
        measured.limit_unit,
        measured.paused_working_days,
        measured.is_pause_assumed,
        case
            when measured.limit_basis = 'platform' then measured.platform_due_on
            else {{ due_day(
                'measured.accepted_on', 'measured.limit_unit', 'measured.working_days_allowed',
                'measured.calendar_days_allowed', 'last_days.date_on'
            ) }}
        end as due_on,
        {{ due_day(
            'measured.accepted_on', 'measured.legal_unit', 'measured.legal_working_days_allowed',
            'measured.legal_calendar_days_allowed', 'legal_last_days.date_on'
        ) }} as legal_due_on
    from measured
    left join {{ ref('dim_date') }} as last_days
        on measured.accepted_no + measured.working_days_allowed = last_days.working_day_no
        and last_days.is_working_day
    left join {{ ref('dim_date') }} as legal_last_days
        on measured.accepted_no + measured.legal_working_days_allowed = legal_last_days.working_day_no
        and legal_last_days.is_working_day
)

select
    due.case_key,
    due.case_type,
    due.limit_basis,
    cast(due.limit_length as integer) as limit_length,
    due.limit_unit,
    due.due_on,
    due.legal_due_on,
    due.due_on is not null as is_limit_known,
    coalesce(due.platform_due_on <> due.due_on, false) as is_due_disagreeing,
    due.paused_working_days,
    due.is_pause_assumed,
    -- null where a day lies outside the calendar: greatest() would make 0 of it
    case when {{ counted_days }} < 0 then 0 else {{ counted_days }} end as counted_working_days,
    due.finished_on <= due.due_on as is_on_time,
    due_days.working_day_no - finished_days.working_day_no >= 1 as is_early
from due
cross join calendar
left join {{ ref('dim_date') }} as finished_days on due.finished_on = finished_days.date_on
left join {{ ref('dim_date') }} as due_days
    on case when due.due_on > calendar.ends_on then calendar.ends_on else due.due_on end = due_days.date_on
