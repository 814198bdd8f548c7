{{ config(materialized="view") }}

-- The last day whose holidays are known: the end of the last year that the nation has announced and,
-- if the region has its own holidays, of the last year that holidays.csv lists. Without a nation's holidays
-- the calendar ends with the last year of holidays.csv.
with nation as (
    select
        max(days.date_on) as announced_until,
        min(case when days.origin = 'national' then days.date_on end) as announced_from
    from {{ ref('dim_date') }} as days
),

region as (
    select max(days.date_on) as announced_until
    from {{ ref('dim_date') }} as days
    where days.year_period in (
        select max(own.year_period)
        from {{ ref('dim_date') }} as own
        inner join nation on own.date_on >= nation.announced_from
        where own.origin <> 'national'
    )
)

select
    least(nation.announced_until, coalesce(region.announced_until, nation.announced_until))
        as announced_until
from nation
cross join region
