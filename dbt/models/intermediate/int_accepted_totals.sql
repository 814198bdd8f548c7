{% set dimensions = {
    'venue': 'venue', 'town': 'town', 'channel': 'channel', 'org': 'org', 'case_type': 'case_type', 'source': 'source'
} %}

with totals as (
    select
        spans.starts_on,
        spans.as_of_on,
        {{ dimension_and_member(dimensions) }},
        sum(days.case_count) as case_count,
        sum(days.platform_count) as platform_count,
        sum(days.fully_online_count) as fully_online_count,
        sum(case when days.channel = 'mobile' then days.case_count else 0 end) as mobile_count
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('int_accepted_days') }} as days
        on days.accepted_on between spans.starts_on and spans.as_of_on
    group by {{ by_each('spans.starts_on, spans.as_of_on', dimensions) }}
)

select
    starts_on,
    as_of_on,
    dimension,
    member,
    case_count,
    platform_count,
    fully_online_count,
    mobile_count
from totals
-- cases of the hall belong to no town
where member is not null
