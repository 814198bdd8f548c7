-- fed back by the region for whole periods: a rank and a gap, never counted here;
-- periods that are not over may share their span, and one's feedback would show as that of all
with own as (
    select
        period,
        indicator,
        value,
        rank
    from {{ ref('fct_county_indicators') }}
    where is_own
),

leaders as (
    select
        period,
        indicator,
        min(value) as value
    from {{ ref('fct_county_indicators') }}
    where rank = 1
    group by period, indicator
),

ranked as (
    select
        periods.starts_on,
        periods.as_of_on,
        'indicator' as dimension,
        own.indicator as member,
        own.value as own_value,
        leaders.value as leader_value,
        own.rank as own_rank
    from own
    inner join {{ ref('int_periods') }} as periods
        on own.period = periods.period and periods.is_complete
    left join leaders on own.period = leaders.period and own.indicator = leaders.indicator
)

{{ figures_of('county', 'ranked') }}
