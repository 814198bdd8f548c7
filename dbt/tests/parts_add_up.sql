-- The members of a complete dimension add up to the total, in every period. A case that several counties
-- report is in the part of each.
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
left join {{ ref('int_repeated_cases') }} as repeated
    on parts.period = repeated.period and parts.dimension = 'county' and repeated.dimension = 'total'
group by parts.period, parts.figure, parts.dimension, parts.value, whole.value
having parts.value <> whole.value + coalesce(sum(repeated.case_count), 0)
