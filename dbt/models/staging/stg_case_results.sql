select
    case_no,
    source_system,
    finished_at,
    result,
    status,
    updated_at,
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'case_results') }}
where _state = 'loaded'
