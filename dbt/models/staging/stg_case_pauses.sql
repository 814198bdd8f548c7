select
    case_no,
    source_system,
    kind,
    started_at,
    ended_at,
    reason,
    updated_at,
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'case_pauses') }}
where _state = 'loaded'
