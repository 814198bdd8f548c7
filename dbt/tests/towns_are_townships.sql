-- the towns of a period are its township cases, and nothing else
with volumes as (
    select
        period,
        sum(case when dimension = 'town' then value else 0 end) as towns,
        sum(case when dimension = 'venue' and member = 'township' then value else 0 end) as township
    from {{ ref('figures') }}
    where figure = 'case_volume'
    group by period
)

select
    period,
    towns,
    township
from volumes
where towns <> township
