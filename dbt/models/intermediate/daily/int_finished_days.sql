{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('finished_on')) }}"
) }}
{% set dimensions = {'venue': 'venue', 'town': 'town', 'org': 'org'} %}

with combined as (
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
        sum(case when case_type = 'promised' and counted_working_days is not null then 1 else 0 end)
            as timed_count,
        sum(case when case_type = 'promised' then counted_working_days else 0 end) as promised_working_days
    from {{ ref('fct_cases') }}
    where
        finished_on is not null
        {%- if is_incremental() %}
        and {{ is_touched('finished_on') }}
        {%- endif %}
    group by finished_on, venue, town, org
),

days as (
    select
        finished_on,
        {{ dimension_and_member(dimensions) }},
        sum(finished_count) as finished_count,
        sum(immediate_count) as immediate_count,
        sum(known_limit_count) as known_limit_count,
        sum(on_time_count) as on_time_count,
        sum(promised_count) as promised_count,
        sum(early_count) as early_count,
        sum(timed_count) as timed_count,
        sum(promised_working_days) as promised_working_days
    from combined
    group by {{ by_each('finished_on', dimensions) }}
)

select
    finished_on,
    dimension,
    member,
    finished_count,
    immediate_count,
    known_limit_count,
    on_time_count,
    promised_count,
    early_count,
    timed_count,
    promised_working_days
from days
where member is not null
