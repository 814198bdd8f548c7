select
    evaluation_no,
    source_system,
    case_no,
    case_source,
    channel,
    level,
    round,
    evaluated_at,
    is_default,
    is_valid,
    org_name,
    window_name,
    town_name,
    rectify_due_at,
    rectified_at,
    revisited_at,
    updated_at,
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'evaluations') }}
where _state = 'loaded'
