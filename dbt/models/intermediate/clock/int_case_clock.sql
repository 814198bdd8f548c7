{{ config(materialized="view", schema="delta") }}
{% set counted_days = 'finished_days.working_day_no - due.accepted_no - due.paused_working_days' %}

with calendar as (
    select max(days.date_on) as ends_on from {{ ref('dim_date') }} as days
)

select
    due.case_key,
    due.case_type,
    due.limit_basis,
    cast(due.limit_length as integer) as limit_length,
    due.limit_unit,
    due.due_on,
    due.due_by_at,
    -- the first day at whose end the case is overdue, if it is still open then
    case when due.due_by_at is null then {{ days_after('due.due_on', 1) }} else due.due_on end
        as overdue_from_on,
    due.legal_due_on,
    due.due_on is not null as is_limit_known,
    coalesce(due.platform_due_on <> due.due_on, false) as is_due_disagreeing,
    due.paused_working_days,
    due.is_pause_assumed,
    -- null where a day lies outside the calendar: greatest() would make 0 of it
    case when {{ counted_days }} < 0 then 0 else {{ counted_days }} end as counted_working_days,
    case
        when due.due_by_at is null then due.finished_on <= due.due_on
        else due.finished_at <= due.due_by_at
    end as is_on_time,
    -- Early before a due moment: a whole working day lies between it and the finish, or the finish lies on an
    -- earlier working day at the same time of day or before.
    case
        when due.due_by_at is null then due_days.working_day_no - finished_days.working_day_no >= 1
        else
            due_days.working_day_no - finished_days.working_day_no
            - case when due_days.is_working_day and due_days.date_on = due.due_on then 1 else 0 end >= 1
            or due_days.is_working_day and finished_days.is_working_day and due.finished_on < due.due_on
            and {{ time_of_day('due.finished_at') }} <= {{ time_of_day('due.due_by_at') }}
    end as is_early
from {{ ref('int_case_dues') }} as due
cross join calendar
left join {{ ref('dim_date') }} as finished_days on due.finished_on = finished_days.date_on
left join {{ ref('dim_date') }} as due_days
    on case when due.due_on > calendar.ends_on then calendar.ends_on else due.due_on end = due_days.date_on
