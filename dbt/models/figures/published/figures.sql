-- A figure is compared with the previous period and the year before (环比, 同比) only if its dataset's data reach
-- back to the first day of that span.
with bounds as (
    select
        definitions.figure,
        definitions.measure,
        definitions.unit,
        coverage.starts_on
    from {{ ref('figure_definitions') }} as definitions
    inner join {{ ref('int_coverage') }} as coverage on definitions.dataset = coverage.dataset
)

select
    periods.period,
    own.figure,
    own.dimension,
    own.member,
    periods.as_of_on,
    periods.is_complete,
    own.numerator,
    case when bounds.measure <> 'rank' then own.denominator end as denominator,
    own.value,
    bounds.unit,
    case
        when periods.previous_starts_on < bounds.starts_on or periods.previous_starts_on is null then null
        when bounds.measure = 'count' then coalesce(previous.value, 0)
        else previous.value
    end as previous_value,
    case
        when periods.year_ago_starts_on < bounds.starts_on or periods.year_ago_starts_on is null then null
        when bounds.measure = 'count' then coalesce(year_ago.value, 0)
        else year_ago.value
    end as year_ago_value
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_span_figures') }} as own
    on periods.starts_on = own.starts_on and periods.as_of_on = own.as_of_on
inner join bounds
    on own.figure = bounds.figure
    and periods.as_of_on >= bounds.starts_on
    -- the region feeds back ranks and gaps for whole periods, so a period to date has none
    and (periods.is_complete or bounds.measure in ('count', 'ratio'))
left join {{ ref('int_span_figures') }} as previous
    on periods.previous_starts_on = previous.starts_on
    and periods.previous_as_of_on = previous.as_of_on
    and own.figure = previous.figure
    and own.dimension = previous.dimension
    and own.member = previous.member
left join {{ ref('int_span_figures') }} as year_ago
    on periods.year_ago_starts_on = year_ago.starts_on
    and periods.year_ago_as_of_on = year_ago.as_of_on
    and own.figure = year_ago.figure
    and own.dimension = year_ago.dimension
    and own.member = year_ago.member
