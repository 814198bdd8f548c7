{% set dimensions = {'venue': 'venue', 'town': 'town', 'org': 'org'} %}

with totals as (
    select
        spans.starts_on,
        spans.as_of_on,
        {{ dimension_and_member(dimensions) }},
        sum(days.finished_count) as finished_count,
        sum(days.immediate_count) as immediate_count,
        sum(days.known_limit_count) as known_limit_count,
        sum(days.on_time_count) as on_time_count,
        sum(days.promised_count) as promised_count,
        sum(days.early_count) as early_count,
        sum(days.promised_working_days) as promised_working_days
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('int_finished_days') }} as days
        on days.finished_on between spans.starts_on and spans.as_of_on
    group by {{ by_each('spans.starts_on, spans.as_of_on', dimensions) }}
)

select
    starts_on,
    as_of_on,
    dimension,
    member,
    finished_count,
    immediate_count,
    known_limit_count,
    on_time_count,
    promised_count,
    early_count,
    promised_working_days
from totals
where member is not null
