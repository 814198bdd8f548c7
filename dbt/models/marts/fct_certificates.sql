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
