{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('accepted_on')) }}"
) }}

select
    accepted_on,
    item_code,
    count(*) as case_count
from {{ ref('fct_cases') }}
where
    item_code is not null
    {%- if is_incremental() %}
    and {{ is_touched('accepted_on') }}
    {%- endif %}
group by accepted_on, item_code
