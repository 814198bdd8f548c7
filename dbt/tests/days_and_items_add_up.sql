-- The cases of all days, and of all items, add up to the volume of the newest month. One month is enough to show
-- whether facts and figures come from the same build, and it reads a fraction of the facts.
with newest as (
    select max(period) as period
    from {{ ref('dim_periods') }}
    where kind = 'month'
),

parts as (
    select
        parts.period,
        parts.dimension,
        sum(parts.value) as value
    from {{ ref('figure_parts') }} as parts
    inner join newest on parts.period = newest.period
    where parts.figure = 'case_volume' and parts.dimension in ('day', 'item')
    group by parts.period, parts.dimension
)

select
    whole.period,
    parts.dimension,
    parts.value,
    whole.value as whole_value
from {{ ref('figures') }} as whole
inner join newest on whole.period = newest.period
left join parts on whole.period = parts.period
where
    whole.figure = 'case_volume'
    and whole.dimension = 'total'
    and whole.value <> coalesce(parts.value, 0)
