-- A figure is compared with the previous period and the year before (环比, 同比) only if its dataset's data reach
-- back to the first day of what that span counts, and if exports of that span supply what it needs.
with bounds as (
    select
        definitions.figure,
        definitions.measure,
        definitions.unit,
        coverage.starts_on,
        -- the twelve months of a figure must begin after this day
        case when definitions.covers_year then {{ days_after('coverage.starts_on', -1) }} end as year_after_on
    from {{ ref('figure_definitions') }} as definitions
    left join {{ ref('int_coverage') }} as coverage on definitions.dataset = coverage.dataset
),

-- a member that did not occur in a span counts 0 there; listed members with needs of their own have a row
supplied_counts as (
    select
        supplied.starts_on,
        supplied.as_of_on,
        supplied.figure,
        supplied.dimension
    from {{ ref('int_supplied_figures') }} as supplied
    inner join bounds on supplied.figure = bounds.figure and bounds.measure = 'count'
    where supplied.member is null and supplied.is_supplied
)

select
    periods.period,
    own.figure,
    own.dimension,
    own.member,
    periods.as_of_on,
    periods.is_complete and coalesce(bounds.starts_on <= periods.starts_on, true) as is_complete,
    own.numerator,
    case when bounds.measure not in ('rank', 'quantile') then own.denominator end as denominator,
    own.value,
    bounds.unit,
    case
        when periods.previous_starts_on is null or periods.previous_starts_on < bounds.starts_on then null
        when {{ year_before('periods.previous_as_of_on') }} < bounds.year_after_on then null
        else coalesce(previous.value, case when previous_counts.figure is not null then 0 end)
    end as previous_value,
    case
        when periods.year_ago_starts_on is null or periods.year_ago_starts_on < bounds.starts_on then null
        when {{ year_before('periods.year_ago_as_of_on') }} < bounds.year_after_on then null
        else coalesce(year_ago.value, case when year_ago_counts.figure is not null then 0 end)
    end as year_ago_value
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_span_figures') }} as own
    on periods.counted_from_on = own.starts_on and periods.as_of_on = own.as_of_on
inner join bounds
    on own.figure = bounds.figure
    -- the region feeds back ranks and gaps for whole periods, so a period to date has none
    and (periods.is_complete or bounds.measure in ('count', 'ratio', 'quantile'))
left join {{ ref('int_figure_needs') }} as own_needs
    on own.figure = own_needs.figure
    and own.dimension = own_needs.dimension
    and own.member = own_needs.member
left join {{ ref('int_span_figures') }} as previous
    on periods.previous_starts_on = previous.starts_on
    and periods.previous_as_of_on = previous.as_of_on
    and own.figure = previous.figure
    and own.dimension = previous.dimension
    and own.member = previous.member
left join supplied_counts as previous_counts
    on periods.previous_starts_on = previous_counts.starts_on
    and periods.previous_as_of_on = previous_counts.as_of_on
    and own.figure = previous_counts.figure
    and own.dimension = previous_counts.dimension
    and own_needs.figure is null
left join {{ ref('int_span_figures') }} as year_ago
    on periods.year_ago_starts_on = year_ago.starts_on
    and periods.year_ago_as_of_on = year_ago.as_of_on
    and own.figure = year_ago.figure
    and own.dimension = year_ago.dimension
    and own.member = year_ago.member
left join supplied_counts as year_ago_counts
    on periods.year_ago_starts_on = year_ago_counts.starts_on
    and periods.year_ago_as_of_on = year_ago_counts.as_of_on
    and own.figure = year_ago_counts.figure
    and own.dimension = year_ago_counts.dimension
    and own_needs.figure is null
-- a province has figures of whole periods only
where periods.is_complete or not exists (select 1 from {{ ref('dim_members') }})
union all
select
    rolled.period,
    rolled.figure,
    rolled.dimension,
    rolled.member,
    rolled.as_of_on,
    rolled.is_complete,
    rolled.numerator,
    rolled.denominator,
    rolled.value,
    bounds.unit,
    rolled.previous_value,
    rolled.year_ago_value
from {{ ref('int_rolled_figures') }} as rolled
inner join bounds on rolled.figure = bounds.figure
