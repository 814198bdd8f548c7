{% set forever = "timestamp '9999-12-31 00:00:00'" %}

with reported as (
    select
        {{ case_key('pauses.source_system', 'pauses.case_no', 'sources.case_no_scope') }} as case_key,
        pauses.started_at,
        pauses.ended_at,
        kinds.stops_clock
    from {{ ref('stg_case_pauses') }} as pauses
    inner join {{ source('reference', 'sources') }} as sources on pauses.source_system = sources.source
    inner join {{ source('reference', 'pause_kinds') }} as kinds on pauses.kind = kinds.kind
),

-- a case that stands paused with no open pause on record counts as paused since it was last touched
candidates as (
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
    where status = 'paused' and case_key not in (select case_key from reported where ended_at is null)
),

-- only what lies between acceptance and settlement can stop the clock; an open pause has no end yet
clipped as (
    select
        candidates.case_key,
        candidates.is_assumed,
        greatest(candidates.started_at, cases.accepted_at) as started_at,
        least(coalesce(candidates.ended_at, {{ forever }}), coalesce(cases.settled_at, {{ forever }})) as ended_at
    from candidates
    inner join {{ ref('int_counted_cases') }} as cases on candidates.case_key = cases.case_key
),

compared as (
    select
        case_key,
        is_assumed,
        started_at,
        ended_at,
        max(ended_at) over (
            partition by case_key order by started_at, ended_at rows between unbounded preceding and 1 preceding
        ) as reached_at
    from clipped
    where started_at < ended_at
),

-- overlapping and adjacent pauses are one
numbered as (
    select
        case_key,
        is_assumed,
        started_at,
        ended_at,
        sum(case when started_at <= reached_at then 0 else 1 end) over (
            partition by case_key order by started_at, ended_at rows unbounded preceding
        ) as pause_no
    from compared
)

select
    case_key,
    cast(pause_no as integer) as pause_no,
    min(started_at) as started_at,
    nullif(max(ended_at), {{ forever }}) as ended_at,
    cast(min(started_at) as date) as started_on,
    cast(nullif(max(ended_at), {{ forever }}) as date) as ended_on,
    {{ dbt.bool_or('is_assumed') }} as is_assumed
from numbered
group by case_key, pause_no
