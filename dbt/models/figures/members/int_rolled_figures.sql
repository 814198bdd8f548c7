-- The sums of int_rolled_sums, and shares of the added volumes, whose whole is that of every member. Of a
-- period that not all counties have reported, a sum is not complete; one county's figure is.
with shares as (
    select
        period,
        dimension,
        member,
        numerator,
        sum(numerator) over (partition by period, dimension) as denominator
    from {{ ref('int_rolled_sums') }}
    where figure = 'case_volume' and dimension in ('venue', 'channel', 'county')
),

every_figure as (
    select
        period,
        figure,
        dimension,
        member,
        numerator,
        denominator,
        value,
        previous_value,
        year_ago_value
    from {{ ref('int_rolled_sums') }}
    union all
    select
        period,
        'case_volume_share' as figure,
        dimension,
        member,
        numerator,
        denominator,
        numerator / nullif(denominator, 0) as value,
        cast(null as double) as previous_value,
        cast(null as double) as year_ago_value
    from shares
),

reported as (
    select
        period,
        count(distinct county_code) as county_count
    from {{ ref('int_county_figures') }}
    group by period
)

select
    every_figure.period,
    every_figure.figure,
    every_figure.dimension,
    every_figure.member,
    periods.as_of_on,
    every_figure.dimension = 'county' and every_figure.figure <> 'case_volume_share'
    or reported.county_count = (select count(*) from {{ ref('dim_members') }}) as is_complete,
    every_figure.numerator,
    every_figure.denominator,
    every_figure.value,
    every_figure.previous_value,
    every_figure.year_ago_value
from every_figure
inner join {{ ref('int_periods') }} as periods on every_figure.period = periods.period
inner join reported on every_figure.period = reported.period
