{{ config(materialized="view") }}

with governed as (
    select
        reports.case_key,
        reports.case_no,
        reports.source_system,
        cast(coalesce(shared.report_count, 1) as integer) as report_count,
        coalesce(shared.is_via_platform, reports.is_platform) as is_via_platform,
        coalesce(shared.is_enrolled, reports.is_enrolled) as is_enrolled,
        reports.item_code,
        reports.item_name,
        reports.case_type,
        reports.channel,
        reports.is_fully_online,
        reports.org_name,
        reports.window_name,
        reports.venue,
        reports.region_code,
        reports.town_name,
        reports.village_name,
        reports.applicant_type,
        reports.applicant_key,
        reports.applied_at,
        coalesce(reports.accepted_at, shared.accepted_at) as accepted_at,
        coalesce(reports.due_at, shared.due_at) as due_at,
        coalesce(reports.finished_at, shared.finished_at) as finished_at,
        coalesce(reports.closed_at, shared.closed_at) as closed_at,
        reports.promised_limit,
        reports.promised_unit,
        reports.legal_limit,
        reports.legal_unit,
        -- the governing report's word stands, but what it holds unsettled may have been settled elsewhere
        case
            when reports.status not in ('pending', 'in_progress', 'paused') then reports.status
            when coalesce(reports.finished_at, shared.finished_at) is not null then 'finished'
            when shared.is_withdrawn then 'withdrawn'
            else reports.status
        end as status,
        reports.result,
        reports.updated_at
    from {{ ref('int_case_reports') }} as reports
    left join {{ ref('int_shared_cases') }} as shared on reports.case_key = shared.case_key
    where shared.case_key is null or reports.precedence = shared.governing_precedence
)

select
    case_key,
    case_no,
    source_system,
    report_count,
    is_via_platform,
    is_enrolled,
    item_code,
    item_name,
    case_type,
    channel,
    is_fully_online,
    org_name,
    window_name,
    venue,
    region_code,
    town_name,
    village_name,
    applicant_type,
    applicant_key,
    applied_at,
    accepted_at,
    due_at,
    case when status = 'finished' then finished_at end as finished_at,
    closed_at,
    case when status = 'finished' then finished_at when status = 'withdrawn' then closed_at end as settled_at,
    promised_limit,
    promised_unit,
    legal_limit,
    legal_unit,
    status,
    result,
    updated_at
from governed
