select
    spans.starts_on,
    spans.as_of_on,
    days.dimension,
    days.member,
    sum(days.finished_count) as finished_count,
    sum(days.immediate_count) as immediate_count,
    sum(days.known_limit_count) as known_limit_count,
    sum(days.on_time_count) as on_time_count,
    sum(days.promised_count) as promised_count,
    sum(days.early_count) as early_count,
    sum(days.timed_count) as timed_count,
    sum(days.promised_working_days) as promised_working_days
from {{ ref('int_span_days') }} as spans
inner join {{ ref('int_finished_days') }} as days
    on spans.date_on = days.finished_on
group by spans.starts_on, spans.as_of_on, days.dimension, days.member
