select
    recorded_on,
    rule,
    org_name,
    finding,
    rectified_on,
    _file_id,
    _record
from {{ source('raw', 'duty_ledger') }}
where _state = 'loaded'
