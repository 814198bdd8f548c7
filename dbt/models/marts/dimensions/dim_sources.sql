select
    source,
    name,
    is_platform,
    is_overdue_counted,
    is_inquiry_counted,
    is_enrolled,
    precedence,
    case_no_scope
from {{ source('reference', 'sources') }}
