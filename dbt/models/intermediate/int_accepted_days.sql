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
    sum(case when is_fully_online then 1 else 0 end) as fully_online_count
from {{ ref('fct_cases') }}
group by accepted_on, venue, town, channel, org, case_type, source
