{{ config(materialized="ephemeral") }}
{% set worked_out = ['accepted_at', 'due_at', 'due_kind', 'finished_at', 'closed_at', 'status'] %}

-- the governing report describes the case; the other reports fill in dates that it leaves blank
with governed as (
    select
        reports.case_key,
        cast(coalesce(shared.report_count, 1) as integer) as report_count,
        coalesce(shared.is_via_platform, reports.is_platform) as is_via_platform,
        coalesce(shared.is_overdue_counted, reports.is_overdue_counted) as is_overdue_counted,
        coalesce(shared.is_enrolled, reports.is_enrolled) as is_enrolled,
        reports.request_type is null
        or reports.request_type <> 'inquiry'
        or reports.is_inquiry_counted as is_case,
        {{ columns_of('cases', 'reports', besides=worked_out) }},
        coalesce(reports.accepted_at, shared.accepted_at) as accepted_at,
        coalesce(reports.due_at, shared.due_at) as due_at,
        case when reports.due_at is null then shared.due_kind else reports.due_kind end as due_kind,
        coalesce(reports.finished_at, shared.finished_at) as finished_at,
        coalesce(reports.closed_at, shared.closed_at) as closed_at,
        -- the governing report gives the status; if it leaves the case open, another report may have settled
        -- it
        case
            when reports.status not in ('pending', 'in_progress', 'paused') then reports.status
            when coalesce(reports.finished_at, shared.finished_at) is not null then 'finished'
            when shared.is_withdrawn then 'withdrawn'
            else reports.status
        end as status
    from {{ ref('int_case_reports') }} as reports
    left join {{ ref('int_shared_cases') }} as shared on reports.case_key = shared.case_key
    where shared.case_key is null or reports.precedence = shared.governing_precedence
)

select
    case_key,
    report_count,
    is_via_platform,
    is_overdue_counted,
    is_case,
    is_enrolled,
    {{ columns_of('cases', besides=worked_out) }},
    accepted_at,
    due_at,
    due_kind,
    closed_at,
    status,
    case when status = 'finished' then finished_at end as finished_at,
    -- many systems have one column for the end of a case, and write the day of a withdrawal there too
    case
        when status = 'finished' then finished_at
        when status = 'withdrawn' then coalesce(closed_at, finished_at)
    end as settled_at
from governed
