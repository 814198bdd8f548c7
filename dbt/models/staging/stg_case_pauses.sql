select
    case_no,
    source_system,
    kind,
    started_at,
    ended_at,
    reason,
    updated_at,
    _file_id,
    _record
from {{ source('raw', 'case_pauses') }}
where _state = 'loaded'
