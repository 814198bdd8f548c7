{% set dimensions = {'org': 'org_name'} %}

select
    spans.starts_on,
    spans.as_of_on,
    {{ dimension_and_member(dimensions) }},
    sum(services.times) as times
from {{ ref('int_span_days') }} as spans
inner join {{ ref('fct_extended_service') }} as services
    on spans.date_on = services.served_on
group by {{ by_each('spans.starts_on, spans.as_of_on', dimensions) }}
