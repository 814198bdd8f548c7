select
    period,
    kind,
    name,
    starts_on,
    ends_on,
    as_of_on,
    data_from_on,
    is_complete,
    -- holidays that are not announced yet may change working days and due days of the period
    ends_on > (select reach.announced_until from {{ ref('int_calendar_reach') }} as reach) as is_provisional,
    previous_period,
    previous_starts_on,
    previous_as_of_on,
    year_ago_period,
    year_ago_starts_on,
    year_ago_as_of_on
from {{ ref('int_periods') }}
