{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('finished_on')) }}"
) }}
{% set dimensions = {'town': 'town', 'org': 'org'} %}

with combined as (
    select
        finished_on,
        counted_working_days,
        case when venue = 'township' then coalesce(town_name, '{{ var("unstated") }}') end as town,
        org_name as org,
        count(*) as case_count
    from {{ ref('fct_cases') }}
    where
        finished_on is not null
        and case_type = 'promised'
        and counted_working_days is not null
        {%- if is_incremental() %}
        and {{ is_touched('finished_on') }}
        {%- endif %}
    group by finished_on, counted_working_days, town, org
),

days as (
    select
        finished_on,
        counted_working_days,
        {{ dimension_and_member(dimensions) }},
        sum(case_count) as case_count
    from combined
    group by {{ by_each('finished_on, counted_working_days', dimensions) }}
)

select
    finished_on,
    dimension,
    member,
    counted_working_days,
    case_count
from days
where member is not null
