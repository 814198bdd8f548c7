{% set families = [
    'accepted', 'accepted_share', 'finished', 'overdue_open', 'items', 'evaluations', 'evaluated_cases',
    'certificates', 'extended_service', 'duty_ledger', 'working_days', 'county'
] %}

with counted as (
    {% for family in families %}
    select
        starts_on,
        as_of_on,
        figure,
        dimension,
        member,
        numerator,
        denominator
    from {{ ref('fig_' ~ family) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- listed members are there even where nothing was counted; all others as they occur
expected as (
    select
        spans.starts_on,
        spans.as_of_on,
        dimensions.figure,
        dimensions.dimension,
        members.member
    from {{ ref('int_spans') }} as spans
    cross join {{ ref('figure_dimensions') }} as dimensions
    inner join {{ ref('int_members') }} as members on dimensions.dimension = members.dimension
    union distinct
    select
        counted.starts_on,
        counted.as_of_on,
        counted.figure,
        counted.dimension,
        counted.member
    from counted
    inner join {{ ref('figure_dimensions') }} as dimensions
        on counted.figure = dimensions.figure and counted.dimension = dimensions.dimension
)

select
    expected.starts_on,
    expected.as_of_on,
    expected.figure,
    expected.dimension,
    expected.member,
    coalesce(counted.numerator, 0) as numerator,
    case when definitions.measure = 'ratio' then coalesce(counted.denominator, 0) else counted.denominator end
        as denominator,
    case definitions.measure
        when 'count' then coalesce(counted.numerator, 0)
        when 'ratio' then counted.numerator / nullif(counted.denominator, 0)
        when 'gap' then counted.numerator - counted.denominator
        when 'rank' then counted.denominator
    end as value
from expected
inner join {{ ref('figure_definitions') }} as definitions on expected.figure = definitions.figure
left join counted
    on expected.starts_on = counted.starts_on
    and expected.as_of_on = counted.as_of_on
    and expected.figure = counted.figure
    and expected.dimension = counted.dimension
    and expected.member = counted.member
