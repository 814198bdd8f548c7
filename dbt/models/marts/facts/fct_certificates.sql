{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_changed('certificates', 'stored_at', 'stored_on', 'certificate_id')) }}"
) }}

select
    certificate_id,
    type_code,
    type_name,
    issuer_name,
    issued_on,
    stored_at,
    cast(stored_at as date) as stored_on,
    status,
    status = '已入库' as is_accepted,
    error_note
from {{ ref('stg_certificates') }}
{% if is_incremental() %}
where {{ is_changed('certificates', 'stored_at', 'cast(stored_at as date)', 'certificate_id') }}
{% endif %}
