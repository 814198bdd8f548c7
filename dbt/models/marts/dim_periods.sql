select
    period,
    kind,
    name,
    starts_on,
    ends_on,
    as_of_on,
    is_complete,
    previous_period,
    previous_starts_on,
    previous_as_of_on,
    year_ago_period,
    year_ago_starts_on,
    year_ago_as_of_on
from {{ ref('int_periods') }}
