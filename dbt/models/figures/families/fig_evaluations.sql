{% set dimensions = {'mode': 'mode', 'level': 'level'} %}

select
    spans.starts_on,
    spans.as_of_on,
    {{ dimension_and_member(dimensions) }},
    sum(days.evaluation_count) as evaluation_count,
    sum(case when days.is_satisfied then days.evaluation_count else 0 end) as satisfied_count,
    sum(case when days.is_satisfied then 0 else days.evaluation_count end) as bad_count,
    sum(
        case
            when not days.is_satisfied and days.rectified_on <= spans.as_of_on then days.evaluation_count
            else 0
        end
    ) as rectified_count
from {{ ref('int_span_days') }} as spans
inner join {{ ref('int_evaluation_days') }} as days
    on spans.date_on = days.evaluated_on
group by {{ by_each('spans.starts_on, spans.as_of_on', dimensions) }}
