select
    county_code,
    county_name,
    list_order,
    state,
    covered_until,
    release
from {{ ref('stg_members') }}
