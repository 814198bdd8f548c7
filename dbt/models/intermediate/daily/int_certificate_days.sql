{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_changed('certificates', 'stored_at', 'stored_on')) }}"
) }}

select
    stored_on,
    type_code,
    count(*) as certificate_count
from {{ ref('fct_certificates') }}
where
    is_accepted
    {%- if is_incremental() %}
    and {{ is_changed('certificates', 'stored_at', 'stored_on') }}
    {%- endif %}
group by stored_on, type_code
