select
    {{ columns_of('items') }},
    _file_id,
    _record
from {{ source('raw', 'items') }}
where _state = 'loaded'
