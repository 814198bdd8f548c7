select
    source,
    name,
    is_platform,
    is_enrolled,
    precedence,
    case_no_scope
from {{ source('reference', 'sources') }}
