select
    region_code,
    region_name,
    printed_name,
    parent_code,
    is_listed,
    list_order
from {{ source('reference', 'regions') }}
