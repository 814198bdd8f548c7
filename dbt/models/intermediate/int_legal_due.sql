{{ config(materialized="view") }}

-- the clock of the legal limit, which runs as that of the promised one: the case's own, else its item's
with limits as (
    select
        cases.case_key,
        cases.accepted_on,
        case
            when cases.legal_unit is not null and cases.legal_limit >= 0 then cases.legal_limit else
                items.legal_limit
        end as limit_length,
        case
            when cases.legal_unit is not null and cases.legal_limit >= 0 then cases.legal_unit else
                items.legal_unit
        end as limit_unit,
        accepted_days.working_day_no as accepted_no
    from {{ ref('fct_cases') }} as cases
    inner join {{ ref('dim_date') }} as accepted_days on cases.accepted_on = accepted_days.date_on
    left join {{ ref('stg_items') }} as items
        on cases.item_code = items.item_code and items.legal_limit >= 0 and items.legal_unit is not null
),

stops as (
    select
        pauses.case_key,
        pauses.pause_no,
        limits.limit_length,
        end_days.working_day_no - start_days.working_day_no as working_days,
        {{ days_between('pauses.started_on', 'pauses.ended_on') }} as calendar_days,
        start_days.working_day_no - limits.accepted_no as working_days_since,
        {{ days_between('limits.accepted_on', 'pauses.started_on') }} as calendar_days_since
    from {{ ref('fct_case_pauses') }} as pauses
    inner join limits on pauses.case_key = limits.case_key
    inner join {{ ref('dim_date') }} as start_days on pauses.started_on = start_days.date_on
    inner join {{ ref('dim_date') }} as end_days on pauses.ended_on = end_days.date_on
),

-- a pause that begins when the limit has already run out no longer moves the due day
counted as (
    select
        case_key,
        case
            when
                working_days_since - coalesce(sum(working_days) over earlier, 0) <= limit_length
                then working_days
        end
            as working_days,
        case
            when
                calendar_days_since - coalesce(sum(calendar_days) over earlier, 0) <= limit_length
                then calendar_days
        end as calendar_days
    from stops
    window
        earlier as (partition by case_key order by pause_no rows between unbounded preceding and 1 preceding)
),

paused as (
    select
        case_key,
        sum(working_days) as working_days,
        sum(calendar_days) as calendar_days
    from counted
    group by case_key
),

allowed as (
    select
        limits.case_key,
        limits.accepted_on,
        limits.accepted_no,
        limits.limit_unit,
        limits.limit_length + coalesce(paused.working_days, 0) as working_days,
        limits.limit_length + coalesce(paused.calendar_days, 0) as calendar_days
    from limits
    left join paused on limits.case_key = paused.case_key
    where limits.limit_length is not null
)

select
    allowed.case_key,
    case
        when allowed.limit_unit = 'calendar_day'
            then {{ days_after('allowed.accepted_on', 'allowed.calendar_days') }}
        when allowed.working_days = 0 then allowed.accepted_on
        else last_days.date_on
    end as legal_due_on
from allowed
left join {{ ref('dim_date') }} as last_days
    on allowed.accepted_no + allowed.working_days = last_days.working_day_no and last_days.is_working_day
