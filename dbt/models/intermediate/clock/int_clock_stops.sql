{{ config(materialized="view", schema="delta") }}

with reported as (
    select
        {{ case_key('pauses.source_system', 'pauses.case_no', 'sources.case_no_scope') }} as case_key,
        pauses.started_at,
        pauses.ended_at,
        kinds.stops_clock
    from {{ ref('stg_case_pauses') }} as pauses
    inner join {{ ref('dim_sources') }} as sources on pauses.source_system = sources.source
    inner join {{ source('reference', 'pause_kinds') }} as kinds on pauses.kind = kinds.kind
),

open_ones as (
    select case_key
    from reported
    where ended_at is null
)

-- a case whose status is paused, but without an open pause on record, counts as paused since its last update
select
    case_key,
    started_at,
    ended_at,
    false as is_assumed
from reported
where stops_clock
union all
select
    case_key,
    coalesce(updated_at, accepted_at) as started_at,
    null as ended_at,
    true as is_assumed
from {{ ref('int_counted_cases') }}
where
    status = 'paused'
    and case_key not in (select open_ones.case_key from open_ones)
