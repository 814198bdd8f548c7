{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('finished_on')) }}"
) }}

-- only cases of a source that is enrolled in 好差评 can be rated
select
    finished_on,
    evaluated_on,
    actively_evaluated_on,
    count(*) as case_count
from {{ ref('fct_cases') }}
where
    is_enrolled
    and finished_on is not null
    {%- if is_incremental() %}
    and {{ is_touched('finished_on') }}
    {%- endif %}
group by finished_on, evaluated_on, actively_evaluated_on
