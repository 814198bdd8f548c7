-- the members of a complete dimension add up to the total, in every period
with parts as (
    select
        period,
        figure,
        dimension,
        sum(value) as value
    from {{ ref('figures') }}
    where
        (figure = 'case_volume' and dimension in ('venue', 'channel', 'org', 'case_type', 'source', 'county'))
        or (figure = 'case_finished' and dimension in ('venue', 'org'))
        or (figure = 'overdue_open' and dimension = 'org')
        or (figure = 'evaluations' and dimension in ('mode', 'level'))
        or (figure = 'extended_service' and dimension = 'org')
    group by period, figure, dimension
)

select
    parts.period,
    parts.figure,
    parts.dimension,
    parts.value,
    whole.value as whole_value
from parts
inner join {{ ref('figures') }} as whole
    on parts.period = whole.period
    and parts.figure = whole.figure
    and whole.dimension = 'total'
where parts.value <> whole.value
