select
    {{ columns_of('extended_service') }},
    _file_id,
    _record
from {{ source('raw', 'extended_service') }}
where _state = 'loaded'
