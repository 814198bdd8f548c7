select
    certificate_id,
    type_code,
    type_name,
    issuer_name,
    issued_on,
    stored_at,
    status,
    error_note,
    updated_at,
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'certificates') }}
where _state = 'loaded'
