{{ config(materialized="ephemeral") }}

select
    {{ case_key('cases.source_system', 'cases.case_no', 'sources.case_no_scope') }} as case_key,
    sources.precedence,
    sources.is_platform,
    sources.is_overdue_counted,
    sources.is_inquiry_counted,
    sources.is_enrolled,
    {{ columns_of('cases', 'cases', besides=['finished_at', 'closed_at', 'status', 'result']) }},
    -- a result without a status finishes the case; a result that voids or withdraws the case does not
    coalesce(
        cases.finished_at,
        case when coalesce(results.status, 'finished') = 'finished' then results.finished_at end
    ) as finished_at,
    coalesce(
        cases.closed_at, case when results.status in ('declined', 'withdrawn') then results.finished_at end
    ) as closed_at,
    case
        when cases.status in ('pending', 'in_progress', 'paused') then coalesce(results.status, cases.status)
        else cases.status
    end as status,
    coalesce(cases.result, results.result) as result,
    cases._key_hash
from {{ reports_to_build() }} as cases
inner join {{ ref('dim_sources') }} as sources on cases.source_system = sources.source
left join {{ ref('stg_case_results') }} as results
    on cases.source_system = results.source_system and cases.case_no = results.case_no
