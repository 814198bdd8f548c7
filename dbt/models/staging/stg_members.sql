select
    {{ columns_of('members') }},
    _file_id,
    _record
from {{ source('raw', 'members') }}
where _state = 'loaded'
