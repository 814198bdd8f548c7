select
    {{ columns_of('evaluations') }},
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'evaluations') }}
where _state = 'loaded'
