{{ config(materialized="view") }}

-- depends_on: {{ ref('int_touched_reports') }}, {{ ref('int_touched_keys') }}, {{ ref('stg_cases') }}
-- all that follows up to the facts works on these reports: in a delta, only those of touched cases
with results as (
    select
        source_system,
        case_no,
        finished_at,
        status,
        result
    from {{ ref('stg_case_results') }}
    {% if is_delta() %}
    where _key_hash in (select touched._key_hash from {{ ref('int_touched_keys') }} as touched)
    {% endif %}
)

select
    {{ case_key('cases.source_system', 'cases.case_no', 'sources.case_no_scope') }} as case_key,
    cases.case_no,
    cases.source_system,
    sources.precedence,
    sources.is_platform,
    sources.is_enrolled,
    cases.item_code,
    cases.item_name,
    cases.case_type,
    cases.channel,
    cases.is_fully_online,
    cases.org_name,
    cases.window_name,
    cases.venue,
    cases.region_code,
    cases.town_name,
    cases.village_name,
    cases.applicant_type,
    cases.applicant_key,
    cases.applied_at,
    cases.accepted_at,
    cases.due_at,
    -- a result without a status is a finish; one that voids or withdraws the case is none
    coalesce(
        cases.finished_at,
        case when coalesce(results.status, 'finished') = 'finished' then results.finished_at end
    ) as finished_at,
    coalesce(
        cases.closed_at, case when results.status in ('declined', 'withdrawn') then results.finished_at end
    ) as closed_at,
    cases.promised_limit,
    cases.promised_unit,
    cases.legal_limit,
    cases.legal_unit,
    case
        when cases.status in ('pending', 'in_progress', 'paused') then coalesce(results.status, cases.status)
        else cases.status
    end as status,
    coalesce(cases.result, results.result) as result,
    cases.updated_at,
    cases._key_hash
from {{ ref('int_touched_reports') if is_delta() else ref('stg_cases') }} as cases
inner join {{ ref('dim_sources') }} as sources on cases.source_system = sources.source
left join results
    on cases.source_system = results.source_system and cases.case_no = results.case_no
