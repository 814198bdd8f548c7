-- Of the cases finished in the span whose source is enrolled in 好差评: how many were evaluated by the end of
-- the span, and how many of these by a person and not by default.
select
    spans.starts_on,
    spans.as_of_on,
    'total' as dimension,
    'total' as member,
    sum(days.case_count) as case_count,
    sum(case when days.evaluated_on <= spans.as_of_on then days.case_count else 0 end) as evaluated_count,
    sum(
        case when days.actively_evaluated_on <= spans.as_of_on then days.case_count else 0 end
    ) as active_count
from {{ ref('int_span_days') }} as spans
inner join {{ ref('int_evaluated_days') }} as days
    on spans.date_on = days.finished_on
group by spans.starts_on, spans.as_of_on
