{% set dimensions = {'venue': 'venue', 'town': 'town', 'org': 'org'} %}

-- the stock at the end of a span: a case settled after that day was still open on it
with stock as (
    select
        spans.starts_on,
        spans.as_of_on,
        overdue.venue,
        overdue.org_name as org,
        case
            when overdue.venue = 'township' then coalesce(overdue.town_name, '{{ var("unstated") }}')
        end as town
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('fct_overdue_items') }} as overdue
        on spans.as_of_on >= overdue.overdue_from_on
        and {{ predicate('open', 'overdue.', as_of_on='spans.as_of_on') }}
    where
        overdue.is_overdue_counted
        and not {{ is_paused('overdue.case_key', 'spans.as_of_on') }}
),

counted as (
    select
        starts_on,
        as_of_on,
        {{ dimension_and_member(dimensions) }},
        count(*) as overdue_count
    from stock
    group by {{ by_each('starts_on, as_of_on', dimensions) }}
),

-- the denominator of the ratio: cases of the same town and sources in the twelve months up to that day.
-- A stock over the cases of a month would be six times that over the cases of a half-year
flows as (
    select
        spans.starts_on,
        spans.as_of_on,
        days.dimension,
        days.member,
        sum(days.covered_count) as covered_count
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('int_accepted_days') }} as days
        on {{ predicate('accepted_in_year', 'days.', as_of_on='spans.as_of_on') }}
    where days.dimension in ('total', 'town')
    group by spans.starts_on, spans.as_of_on, days.dimension, days.member
)

select
    coalesce(counted.starts_on, flows.starts_on) as starts_on,
    coalesce(counted.as_of_on, flows.as_of_on) as as_of_on,
    coalesce(counted.dimension, flows.dimension) as dimension,
    coalesce(counted.member, flows.member) as member,
    counted.overdue_count,
    flows.covered_count
from counted
full outer join flows
    on counted.starts_on = flows.starts_on
    and counted.as_of_on = flows.as_of_on
    and counted.dimension = flows.dimension
    and counted.member = flows.member
-- cases of the hall belong to no town
where coalesce(counted.member, flows.member) is not null
