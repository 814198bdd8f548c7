{{ config(materialized="view") }}

-- the last day whose holidays are known: the nation's end of the announced year,
-- and where the region keeps holidays of its own, the last year for which it has named them
with nation as (
    select max(days.date_on) as announced_until
    from {{ ref('dim_date') }} as days
),

region as (
    select max(days.date_on) as announced_until
    from {{ ref('dim_date') }} as days
    where days.year_period in (
        select max(own.year_period) from {{ ref('dim_date') }} as own
        where own.origin <> 'national'
    )
)

select
    least(nation.announced_until, coalesce(region.announced_until, nation.announced_until))
        as announced_until
from nation
cross join region
