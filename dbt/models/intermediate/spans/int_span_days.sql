-- joining daily counts to spans by equal days costs a fraction of a join by ranges of days
select
    spans.starts_on,
    spans.as_of_on,
    days.date_on
from {{ ref('int_spans') }} as spans
inner join {{ ref('dim_date') }} as days on days.date_on between spans.starts_on and spans.as_of_on
