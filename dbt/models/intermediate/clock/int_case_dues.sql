{{ config(materialized="ephemeral") }}
{% set passed_on = [
    'case_key', 'case_type', 'accepted_on', 'accepted_at', 'finished_on', 'finished_at', 'platform_due_on',
    'platform_due_at', 'limit_basis', 'limit_length', 'limit_unit', 'legal_unit'
] %}
{% set worked_out = ['accepted_no', 'paused_working_days', 'is_pause_assumed'] %}
-- of a limit in office hours: whole working days before the one on which it ends, and the second of that one
{% set whole_days = 'cast(floor((measured.due_office_second - 1) / measured.seconds_a_day) as bigint)' %}
{% set last_second = 'measured.due_office_second - 1 - ' ~ whole_days ~ ' * measured.seconds_a_day' %}

with office as (
    select sum(case when is_open then 60 else 0 end) as seconds_a_day
    from {{ source('reference', 'office_minutes') }}
),

-- what is allowed: the limit, and the pauses that began before it had run out
measured as (
    select
        {%- for column in passed_on %}
        limits.{{ column }},
        {%- endfor %}
        office.seconds_a_day,
        accepted_days.working_day_no as accepted_no,
        {{ time_paused('paused', 'working_days') }} as paused_working_days,
        limits.limit_length + {{ time_paused('paused', 'working_days_within') }} as working_days_allowed,
        limits.limit_length + {{ time_paused('paused', 'calendar_days_within') }} as calendar_days_allowed,
        limits.legal_length + {{ time_paused('paused', 'working_days_within_legal') }}
            as legal_working_days_allowed,
        limits.legal_length + {{ time_paused('paused', 'calendar_days_within_legal') }}
            as legal_calendar_days_allowed,
        limits.limit_length * 3600 + {{ time_paused('paused', 'seconds_within') }} as seconds_allowed,
        limits.limit_length * 3600 + {{ time_paused('paused', 'office_seconds_within') }}
        + {{ office_seconds(
            'accepted_days', 'accepted_minutes', 'limits.accepted_at', 'office.seconds_a_day'
        ) }} as due_office_second,
        coalesce(paused.is_pause_assumed, false) as is_pause_assumed
    from {{ ref('int_case_limits') }} as limits
    cross join office
    left join {{ ref('dim_date') }} as accepted_days on limits.accepted_on = accepted_days.date_on
    left join {{ ref('int_paused_cases') }} as paused on limits.case_key = paused.case_key
    left join {{ source('reference', 'office_minutes') }} as accepted_minutes
        on case when limits.limit_unit = 'office_hour' then {{ minute_of('limits.accepted_at') }} end
        = accepted_minutes.minute_no
),

due as (
    select
        {%- for column in passed_on + worked_out %}
        measured.{{ column }},
        {%- endfor %}
        case
            when measured.limit_basis = 'platform' then measured.platform_due_on
            else {{ due_day(
                'measured.accepted_on', 'measured.limit_unit', 'measured.working_days_allowed',
                'measured.calendar_days_allowed', 'last_days.date_on'
            ) }}
        end as due_day_on,
        case
            when measured.limit_basis = 'platform' then measured.platform_due_at
            -- 0 office hours are due at once, also while the office is closed
            when
                measured.limit_unit = 'hour'
                or measured.limit_unit = 'office_hour' and measured.limit_length = 0
                then {{ seconds_after('measured.accepted_at', 'measured.seconds_allowed') }}
            else {{ seconds_after(
                'cast(last_days.date_on as timestamp)',
                '(last_minutes.minute_no - last_minutes.open_before) * 60 + 1 + ' ~ last_second
            ) }}
        end as due_by_at,
        {{ due_day(
            'measured.accepted_on', 'measured.legal_unit', 'measured.legal_working_days_allowed',
            'measured.legal_calendar_days_allowed', 'legal_last_days.date_on'
        ) }} as legal_due_on
    from measured
    left join {{ ref('dim_date') }} as last_days
        on case
            when measured.limit_unit = 'office_hour' then {{ whole_days }} + 1
            else measured.accepted_no + measured.working_days_allowed
        end = last_days.working_day_no
        and last_days.is_working_day
    left join {{ source('reference', 'office_minutes') }} as last_minutes
        on case when measured.limit_unit = 'office_hour' then floor(({{ last_second }}) / 60) end
        = last_minutes.open_before
        and last_minutes.is_open
    left join {{ ref('dim_date') }} as legal_last_days
        on measured.accepted_no + measured.legal_working_days_allowed = legal_last_days.working_day_no
        and legal_last_days.is_working_day
)

select
    {%- for column in passed_on + worked_out %}
    {{ column }},
    {%- endfor %}
    coalesce(cast(due_by_at as date), due_day_on) as due_on,
    due_by_at,
    legal_due_on
from due
