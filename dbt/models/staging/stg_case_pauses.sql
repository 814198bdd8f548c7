select
    {{ columns_of('case_pauses') }},
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'case_pauses') }}
where _state = 'loaded'
