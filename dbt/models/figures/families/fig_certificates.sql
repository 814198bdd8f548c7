select
    spans.starts_on,
    spans.as_of_on,
    'total' as dimension,
    'total' as member,
    sum(days.certificate_count) as certificate_count,
    count(distinct days.type_code) as type_count
from {{ ref('int_span_days') }} as spans
inner join {{ ref('int_certificate_days') }} as days
    on spans.date_on = days.stored_on
group by spans.starts_on, spans.as_of_on
