select
    {{ columns_of('case_results') }},
    _file_id,
    _record,
    _key_hash
from {{ source('raw', 'case_results') }}
where _state = 'loaded'
