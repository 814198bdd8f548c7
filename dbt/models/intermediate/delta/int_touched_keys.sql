-- cases without a limit of their own take their item's limit, so they change when the item changes
with changed_items as (
    select item_code
    from {{ source('changes', 'items') }}
    group by item_code, case_type, promised_limit, promised_unit, legal_limit, legal_unit
    having sum(case when _state = 'came' then 1 else -1 end) <> 0
),

changed as (
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
    select
        source_system,
        case_no,
        _key_hash,
        null as accepted_on,
        null as finished_on
    from {{ ref('stg_cases') }}
    where item_code in (select changed_items.item_code from changed_items)
)

select
    {{ case_key('changed.source_system', 'changed.case_no', 'sources.case_no_scope') }} as case_key,
    changed._key_hash,
    changed.accepted_on,
    changed.finished_on
from changed
inner join {{ ref('dim_sources') }} as sources on changed.source_system = sources.source
-- A full build reads all cases. In a first run every row has changed, and nobody would read this list, which
-- takes 2 GB.
where {{ 'true' if is_delta() else 'false' }}
