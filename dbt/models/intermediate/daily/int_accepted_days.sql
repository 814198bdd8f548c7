{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('accepted_on')) }}"
) }}
{% set dimensions = {
    'venue': 'venue', 'town': 'town', 'channel': 'channel', 'org': 'org', 'case_type': 'case_type', 'source': 'source'
} %}

-- group by combinations of attributes first: each case is then read once, and the combinations are few
with combined as (
    select
        accepted_on,
        venue,
        case when venue = 'township' then coalesce(town_name, '{{ var("unstated") }}') end as town,
        channel,
        org_name as org,
        case_type,
        source_system as source,
        count(*) as case_count,
        sum(case when is_via_platform then 1 else 0 end) as platform_count,
        sum(case when is_overdue_counted then 1 else 0 end) as covered_count,
        sum(case when is_fully_online then 1 else 0 end) as fully_online_count,
        sum(case when is_limit_known then 0 else 1 end) as limit_unknown_count,
        sum(case when is_settled_undated then 1 else 0 end) as undated_count,
        sum(case when is_due_disagreeing then 1 else 0 end) as due_disagreeing_count
    from {{ ref('fct_cases') }}
    {% if is_incremental() %}
    where {{ is_touched('accepted_on') }}
    {% endif %}
    group by accepted_on, venue, town, channel, org, case_type, source
),

days as (
    select
        accepted_on,
        {{ dimension_and_member(dimensions) }},
        sum(case_count) as case_count,
        sum(platform_count) as platform_count,
        sum(covered_count) as covered_count,
        sum(fully_online_count) as fully_online_count,
        sum(case when channel = 'mobile' then case_count else 0 end) as mobile_count,
        sum(limit_unknown_count) as limit_unknown_count,
        sum(undated_count) as undated_count,
        sum(due_disagreeing_count) as due_disagreeing_count
    from combined
    group by {{ by_each('accepted_on', dimensions) }}
)

select
    accepted_on,
    dimension,
    member,
    case_count,
    platform_count,
    covered_count,
    fully_online_count,
    mobile_count,
    limit_unknown_count,
    undated_count,
    due_disagreeing_count
from days
-- cases of the hall belong to no town
where member is not null
