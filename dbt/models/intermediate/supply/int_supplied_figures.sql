select
    spans.starts_on,
    spans.as_of_on,
    needs.figure,
    needs.dimension,
    needs.member,
    needs.requirement,
    needs.requirement = '' or supply.requirement is not null as is_supplied
from {{ ref('int_spans') }} as spans
cross join {{ ref('int_figure_needs') }} as needs
left join {{ ref('int_span_supply') }} as supply
    on spans.starts_on = supply.starts_on
    and spans.as_of_on = supply.as_of_on
    and needs.requirement = supply.requirement
