select
    period,
    kind,
    name,
    starts_on,
    ends_on,
    as_of_on,
    is_complete,
    previous_period,
    year_ago_period
from {{ ref('int_periods') }}
