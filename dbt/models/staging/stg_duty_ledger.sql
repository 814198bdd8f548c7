select
    {{ columns_of('duty_ledger') }},
    _file_id,
    _record
from {{ source('raw', 'duty_ledger') }}
where _state = 'loaded'
