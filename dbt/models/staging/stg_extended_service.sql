select
    served_on,
    org_name,
    window_name,
    started_at,
    ended_at,
    case_no,
    times,
    _file_id,
    _record
from {{ source('raw', 'extended_service') }}
where _state = 'loaded'
