-- every span over which figures are counted: each period's own span, and the spans that it is compared with
select
    counted_from_on as starts_on,
    as_of_on
from {{ ref('int_periods') }}
union distinct
select
    previous_starts_on as starts_on,
    previous_as_of_on as as_of_on
from {{ ref('int_periods') }}
where previous_starts_on is not null
union distinct
select
    year_ago_starts_on as starts_on,
    year_ago_as_of_on as as_of_on
from {{ ref('int_periods') }}
where year_ago_starts_on is not null
