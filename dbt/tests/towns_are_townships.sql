-- The cases of all towns in a period add up to its township cases. A province has no figures by town.
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
where towns <> township and not exists (select 1 from {{ ref('dim_members') }})
