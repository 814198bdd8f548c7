-- The region feeds back ranks and gaps for whole periods; this model counts nothing. On 15 July the running
-- month, quarter and half-year have the same dates, and a join on dates would give one period's rank to all
-- three: only complete periods take part.
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
)

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
