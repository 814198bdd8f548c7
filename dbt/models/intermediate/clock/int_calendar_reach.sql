{{ config(materialized="view") }}

-- The last day whose holidays are known: the end of the last year that the nation has announced and,
-- if the region has its own holidays, of the last year that holidays.csv lists.
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
