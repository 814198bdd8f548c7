select
    period,
    county_code,
    county_name,
    indicator,
    value,
    unit,
    rank,
    batch,
    _file_id,
    _record
from {{ source('raw', 'county_indicators') }}
where _state = 'loaded'
