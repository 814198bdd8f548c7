select
    item_code,
    item_name,
    item_type,
    status,
    org_name,
    level,
    case_type,
    promised_limit,
    promised_unit,
    legal_limit,
    legal_unit,
    visits,
    is_online,
    effective_on,
    suspended_on,
    cancelled_on,
    _file_id,
    _record
from {{ source('raw', 'items') }}
where _state = 'loaded'
