{{ config(materialized="view") }}

-- every case of which something changed, with the days that the changed rows name
with changed as (
    select
        source_system,
        case_no,
        _key_hash,
        cast(accepted_at as date) as accepted_on,
        cast(finished_at as date) as finished_on
    from {{ source('changes', 'cases') }}
    union all
    select
        source_system,
        case_no,
        _key_hash,
        null as accepted_on,
        cast(finished_at as date) as finished_on
    from {{ source('changes', 'case_results') }}
    union all
    select
        source_system,
        case_no,
        _key_hash,
        null as accepted_on,
        null as finished_on
    from {{ source('changes', 'case_pauses') }}
    union all
    select
        case_source as source_system,
        case_no,
        {{ key_hash('case_no') }} as _key_hash,
        null as accepted_on,
        null as finished_on
    from {{ source('changes', 'evaluations') }}
    union all
    -- a limit that an item lends to its cases
    select
        cases.source_system,
        cases.case_no,
        cases._key_hash,
        null as accepted_on,
        null as finished_on
    from {{ ref('stg_cases') }} as cases
    where cases.item_code in (
        select items.item_code
        from {{ source('changes', 'items') }} as items
        group by
            items.item_code, items.case_type, items.promised_limit, items.promised_unit, items.legal_limit,
            items.legal_unit
        having sum(case when items._state = 'came' then 1 else -1 end) <> 0
    )
)

select
    {{ case_key('changed.source_system', 'changed.case_no', 'sources.case_no_scope') }} as case_key,
    changed._key_hash,
    changed.accepted_on,
    changed.finished_on
from changed
inner join {{ ref('dim_sources') }} as sources on changed.source_system = sources.source
