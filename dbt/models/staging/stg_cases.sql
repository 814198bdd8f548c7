select
    {{ columns_of('cases') }},
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'cases') }}
where _state = 'loaded'
