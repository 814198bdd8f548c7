with ranked as (
    select
        period,
        county_code,
        county_name,
        indicator,
        value,
        unit,
        rank,
        batch,
        -- of the five only the overdue stock is better when smaller
        rank() over (
            partition by period, indicator
            order by case when indicator = '超期未办件' then value else -value end
        ) as computed_rank
    from {{ ref('stg_county_indicators') }}
)

select
    period,
    county_code,
    county_name,
    county_code in (select own.code from {{ source('reference', 'jurisdiction') }} as own) as is_own,
    indicator,
    value,
    unit,
    cast(coalesce(rank, computed_rank) as integer) as rank,
    batch
from ranked
