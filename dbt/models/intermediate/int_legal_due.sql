{{ config(materialized="view") }}

-- the clock of the legal limit, which runs as that of the promised one: the case's own, else its item's;
-- a pause that begins when the limit has already run out no longer moves its due day
with limits as (
    select
        cases.case_key,
        cases.accepted_on,
        case
            when reports.legal_limit >= 0 and reports.legal_unit is not null then reports.legal_limit
            when items.legal_limit >= 0 and items.legal_unit is not null then items.legal_limit
        end as limit_length,
        case
            when reports.legal_limit >= 0 and reports.legal_unit is not null then reports.legal_unit
            else items.legal_unit
        end as limit_unit
    from {{ ref('fct_cases') }} as cases
    left join {{ ref('stg_cases') }} as reports
        on cases.source_system = reports.source_system and cases.case_no = reports.case_no
    left join {{ ref('stg_items') }} as items on cases.item_code = items.item_code
),

paused as (
    select
        limits.case_key,
        sum(
            case when pauses.counted_working_days_before <= limits.limit_length then pauses.working_days end
        ) as working_days,
        sum(
            case when pauses.counted_calendar_days_before <= limits.limit_length then pauses.calendar_days end
        ) as calendar_days
    from limits
    inner join {{ ref('int_pause_days') }} as pauses on limits.case_key = pauses.case_key
    group by limits.case_key
),

allowed as (
    select
        limits.case_key,
        limits.accepted_on,
        limits.limit_unit,
        limits.limit_length + coalesce(paused.working_days, 0) as working_days,
        limits.limit_length + coalesce(paused.calendar_days, 0) as calendar_days,
        accepted_days.working_day_no as accepted_no
    from limits
    inner join {{ ref('dim_date') }} as accepted_days on limits.accepted_on = accepted_days.date_on
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
