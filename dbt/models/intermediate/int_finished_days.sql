select
    finished_on,
    venue,
    case when venue = 'township' then coalesce(town_name, '{{ var("unstated") }}') end as town,
    org_name as org,
    count(*) as finished_count,
    sum(case when case_type = 'immediate' then 1 else 0 end) as immediate_count,
    sum(case when is_limit_known then 1 else 0 end) as known_limit_count,
    sum(case when is_on_time then 1 else 0 end) as on_time_count,
    sum(case when case_type = 'promised' then 1 else 0 end) as promised_count,
    sum(case when case_type = 'promised' and is_early then 1 else 0 end) as early_count,
    sum(case when case_type = 'promised' then counted_working_days else 0 end) as promised_working_days
from {{ ref('fct_cases') }}
where finished_on is not null
group by finished_on, venue, town, org
