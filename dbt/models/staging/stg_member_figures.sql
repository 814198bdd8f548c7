select
    {{ columns_of('member_figures') }},
    _file_id,
    _record
from {{ source('raw', 'member_figures') }}
where _state = 'loaded'
