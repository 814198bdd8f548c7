{{ config(materialized="view", schema="delta") }}

-- A pause takes off the working days after the day of its start, up to and including the day of its end. Of
-- limits in hours it takes off the seconds, or office seconds, between both. An open pause takes off nothing.
{% set kinds = ['working_days', 'calendar_days', 'seconds', 'office_seconds'] %}

with office as (
    select sum(case when is_open then 60 else 0 end) as seconds_a_day
    from {{ source('reference', 'office_minutes') }}
),

measured as (
    select
        pauses.case_key,
        pauses.pause_no,
        pauses.is_assumed,
        pauses.ended_at is null as is_open,
        end_days.working_day_no - start_days.working_day_no as working_days,
        {{ days_between('pauses.started_on', 'pauses.ended_on') }} as calendar_days,
        {{ seconds_between('pauses.started_at', 'pauses.ended_at') }} as seconds,
        {{ office_seconds('end_days', 'end_minutes', 'pauses.ended_at', 'office.seconds_a_day') }}
        - {{ office_seconds('start_days', 'start_minutes', 'pauses.started_at', 'office.seconds_a_day') }}
            as office_seconds,
        start_days.working_day_no - accepted_days.working_day_no as working_days_before,
        {{ days_between('cases.accepted_on', 'pauses.started_on') }} as calendar_days_before,
        {{ seconds_between('cases.accepted_at', 'pauses.started_at') }} as seconds_before,
        {{ office_seconds('start_days', 'start_minutes', 'pauses.started_at', 'office.seconds_a_day') }}
        - {{ office_seconds(
            'accepted_days', 'accepted_minutes', 'cases.accepted_at', 'office.seconds_a_day'
        ) }} as office_seconds_before
    from {{ ref('int_case_pauses') }} as pauses
    cross join office
    inner join {{ ref('int_counted_cases') }} as cases on pauses.case_key = cases.case_key
    {%- for alias, moment, day in [
        ('start', 'pauses.started_at', 'pauses.started_on'), ('accepted', 'cases.accepted_at', 'cases.accepted_on'),
        ('end', 'pauses.ended_at', 'pauses.ended_on')
    ] %}
    left join {{ ref('dim_date') }} as {{ alias }}_days on {{ day }} = {{ alias }}_days.date_on
    left join {{ source('reference', 'office_minutes') }} as {{ alias }}_minutes
        on {{ minute_of(moment) }} = {{ alias }}_minutes.minute_no
    {%- endfor %}
),

closed as (
    select
        case_key,
        pause_no,
        {%- for kind in kinds %}
        case when is_open then 0 else {{ kind }} end as {{ kind }},
        {{ kind }}_before,
        {%- endfor %}
        is_assumed
    from measured
)

select
    case_key,
    pause_no,
    {%- for kind in kinds %}
    cast({{ kind }} as {{ 'bigint' if 'seconds' in kind else 'integer' }}) as {{ kind }},
    cast(
        {{ kind }}_before - coalesce(sum({{ kind }}) over earlier, 0)
        as {{ 'bigint' if 'seconds' in kind else 'integer' }}
    ) as counted_{{ kind }}_before,
    {%- endfor %}
    is_assumed
from closed
window earlier as (partition by case_key order by pause_no rows between unbounded preceding and 1 preceding)
