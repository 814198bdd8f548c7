-- if two sources of cases had the same precedence, either could govern a case that both report
with delivering as (
    select distinct source
    from {{ source('quality', 'files') }}
    where dataset = 'cases' and verdict = 'loaded'
)

select
    sources.precedence,
    count(*) as source_count
from delivering
inner join {{ ref('dim_sources') }} as sources on delivering.source = sources.source
group by sources.precedence
having count(*) > 1
