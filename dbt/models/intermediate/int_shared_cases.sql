-- only a case that several sources report has to be put together; all others pass straight through int_cases
with shared_keys as (
    select case_key
    from {{ ref('int_case_reports') }}
    group by case_key
    having count(*) > 1
)

select
    reports.case_key,
    min(reports.precedence) as governing_precedence,
    count(*) as report_count,
    {{ any_true('reports.is_platform') }} as is_via_platform,
    {{ any_true('reports.is_enrolled') }} as is_enrolled,
    {{ any_true("reports.status = 'withdrawn'") }} as is_withdrawn,
    min(reports.accepted_at) as accepted_at,
    min(reports.due_at) as due_at,
    min(reports.finished_at) as finished_at,
    min(reports.closed_at) as closed_at
from {{ ref('int_case_reports') }} as reports
inner join shared_keys on reports.case_key = shared_keys.case_key
group by reports.case_key
