-- if two sources of cases had the same precedence, either could govern a case that both report
with delivering as (
    -- an export may hold the cases of several sources, so the ledger doesn't know them all
    select distinct member as source
    from {{ ref('int_accepted_days') }}
    where dimension = 'source'
)

select
    sources.precedence,
    count(*) as source_count
from delivering
inner join {{ ref('dim_sources') }} as sources on delivering.source = sources.source
group by sources.precedence
having count(*) > 1
