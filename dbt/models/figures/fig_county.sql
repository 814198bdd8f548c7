-- fed back by the region for whole periods only: a rank and a gap, never counted here
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
    inner join {{ ref('int_periods') }} as periods on own.period = periods.period
    left join leaders on own.period = leaders.period and own.indicator = leaders.indicator
)

{{ figures_of('ranked', {
    'county_rank': ['own_value', 'own_rank'],
    'county_gap': ['own_value', 'leader_value']
}) }}
