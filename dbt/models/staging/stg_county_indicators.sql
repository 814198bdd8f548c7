select
    {{ columns_of('county_indicators') }},
    _file_id,
    _record
from {{ source('raw', 'county_indicators') }}
where _state = 'loaded'
