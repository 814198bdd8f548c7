select
    {{ columns_of('member_cases') }},
    _file_id,
    _record
from {{ source('raw', 'member_cases') }}
where _state = 'loaded'
