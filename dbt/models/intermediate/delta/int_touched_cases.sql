-- the last build counted a case on the days of its changed rows; this build counts it on the days of its
-- current rows
with results as (
    select
        {{ case_key('results.source_system', 'results.case_no', 'sources.case_no_scope') }} as case_key,
        cast(results.finished_at as date) as finished_on
    from {{ ref('stg_case_results') }} as results
    inner join {{ ref('dim_sources') }} as sources on results.source_system = sources.source
    where results._key_hash in (select touched._key_hash from {{ ref('int_touched_keys') }} as touched)
),

reports as (
    select
        {{ case_key('reports.source_system', 'reports.case_no', 'sources.case_no_scope') }} as case_key,
        cast(reports.accepted_at as date) as accepted_on,
        cast(reports.finished_at as date) as finished_on
    from {{ ref('int_touched_reports') }} as reports
    inner join {{ ref('dim_sources') }} as sources on reports.source_system = sources.source
)

select
    case_key,
    accepted_on,
    finished_on
from {{ ref('int_touched_keys') }}
union distinct
select
    case_key,
    accepted_on,
    finished_on
from reports
union distinct
select
    case_key,
    null as accepted_on,
    finished_on
from results
where case_key in (select touched.case_key from {{ ref('int_touched_keys') }} as touched)
