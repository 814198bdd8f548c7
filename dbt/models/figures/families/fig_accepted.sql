-- a case may have several of these attributes, so their counts don't add up to the whole
select
    spans.starts_on,
    spans.as_of_on,
    days.dimension,
    days.member,
    sum(days.case_count) as case_count,
    sum(days.platform_count) as platform_count,
    sum(days.covered_count) as covered_count,
    sum(days.fully_online_count) as fully_online_count,
    sum(days.mobile_count) as mobile_count,
    sum(days.limit_unknown_count) as limit_unknown_count,
    sum(days.undated_count) as undated_count,
    sum(days.due_disagreeing_count) as due_disagreeing_count
from {{ ref('int_span_days') }} as spans
inner join {{ ref('int_accepted_days') }} as days
    on spans.date_on = days.accepted_on
group by spans.starts_on, spans.as_of_on, days.dimension, days.member
