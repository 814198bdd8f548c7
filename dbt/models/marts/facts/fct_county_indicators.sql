with ranked as (
    select
        period,
        county_code,
        county_name,
        indicator,
        value,
        unit,
        batch,
        cast(
            coalesce(
                rank,
                -- of the five indicators, only the overdue stock is better when smaller
                rank() over (
                    partition by period, indicator
                    order by case when indicator = '超期未办件' then value else -value end
                )
            ) as integer
        ) as rank
    from {{ ref('stg_county_indicators') }}
),

leaders as (
    select
        period,
        indicator,
        min(value) as value
    from ranked
    where rank = 1
    group by period, indicator
)

select
    ranked.period,
    ranked.county_code,
    ranked.county_name,
    ranked.county_code in (select own.code from {{ source('reference', 'jurisdiction') }} as own) as is_own,
    ranked.indicator,
    ranked.value,
    ranked.unit,
    ranked.rank,
    ranked.value - leaders.value as gap_to_leader,
    previous.rank as previous_rank,
    previous.rank - ranked.rank as places_gained,
    ranked.batch
from ranked
left join leaders on ranked.period = leaders.period and ranked.indicator = leaders.indicator
left join {{ ref('int_periods') }} as periods on ranked.period = periods.period
left join ranked as previous
    on periods.previous_period = previous.period
    and ranked.county_code = previous.county_code
    and ranked.indicator = previous.indicator
