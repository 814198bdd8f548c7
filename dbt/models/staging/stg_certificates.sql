select
    {{ columns_of('certificates') }},
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'certificates') }}
where _state = 'loaded'
