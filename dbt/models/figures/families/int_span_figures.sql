{% set families = [
    ref('fig_accepted'), ref('fig_accepted_share'), ref('fig_finished'), ref('fig_overdue_open'), ref('fig_items'),
    ref('fig_evaluations'), ref('fig_evaluated_cases'), ref('fig_certificates'), ref('fig_extended_service'),
    ref('fig_duty_ledger'), ref('fig_working_days'), ref('fig_county'), ref('fig_time_used')
] %}

with counted as (
    {{ figures_of(families) }}
    union all
    select
        starts_on,
        as_of_on,
        figure,
        dimension,
        member,
        numerator,
        denominator
    from {{ ref('fig_own') }}
),

-- listed members have a row even if nothing was counted; other members only if they occur
expected as (
    select
        spans.starts_on,
        spans.as_of_on,
        dimensions.figure,
        dimensions.dimension,
        members.member
    from {{ ref('int_spans') }} as spans
    cross join {{ ref('figure_dimensions') }} as dimensions
    inner join {{ ref('dimension_members') }} as members
        on dimensions.dimension = members.dimension and members.is_listed
    union distinct
    select
        starts_on,
        as_of_on,
        figure,
        dimension,
        member
    from counted
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
        when 'quantile' then counted.denominator
    end as value
from expected
inner join {{ ref('figure_definitions') }} as definitions on expected.figure = definitions.figure
-- without exports that supply what the figure needs there is no row: 0 would say that somebody counted
inner join {{ ref('int_supplied_figures') }} as supplied
    on expected.starts_on = supplied.starts_on
    and expected.as_of_on = supplied.as_of_on
    and expected.figure = supplied.figure
    and expected.dimension = supplied.dimension
    and supplied.member is null
    and supplied.is_supplied
left join {{ ref('int_supplied_figures') }} as members
    on expected.starts_on = members.starts_on
    and expected.as_of_on = members.as_of_on
    and expected.figure = members.figure
    and expected.dimension = members.dimension
    and expected.member = members.member
left join counted
    on expected.starts_on = counted.starts_on
    and expected.as_of_on = counted.as_of_on
    and expected.figure = counted.figure
    and expected.dimension = counted.dimension
    and expected.member = counted.member
where coalesce(members.is_supplied, true) or counted.numerator <> 0
