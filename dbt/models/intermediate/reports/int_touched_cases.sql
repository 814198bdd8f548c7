-- what a delta rebuilds: touched cases, and every day on which one stands, stood or may come to stand;
-- a full build leaves it empty
with touched as (
    select
        case_key,
        _key_hash,
        accepted_on,
        finished_on
    from {{ ref('int_touched_keys') }}
    where {{ 'true' if is_delta() else 'false' }}
),

days as (
    select
        case_key,
        accepted_on,
        finished_on
    from touched
    union distinct
    select
        case_key,
        cast(accepted_at as date) as accepted_on,
        cast(finished_at as date) as finished_on
    from {{ ref('int_case_reports') }}
    where {{ 'true' if is_delta() else 'false' }}
    union distinct
    select
        {{ case_key('results.source_system', 'results.case_no', 'sources.case_no_scope') }} as case_key,
        null as accepted_on,
        cast(results.finished_at as date) as finished_on
    from {{ ref('stg_case_results') }} as results
    inner join {{ ref('dim_sources') }} as sources on results.source_system = sources.source
    where
        results._key_hash in (select touched._key_hash from touched)
        and {{ case_key('results.source_system', 'results.case_no', 'sources.case_no_scope') }}
        in (select touched.case_key from touched)
)

select
    case_key,
    accepted_on,
    finished_on
from days
