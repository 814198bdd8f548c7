with worked as (
    select
        spans.starts_on,
        spans.as_of_on,
        sum(case when days.is_working_day then 1 else 0 end) as working_days
    from {{ ref('int_span_days') }} as spans
    inner join {{ ref('dim_date') }} as days on spans.date_on = days.date_on
    group by spans.starts_on, spans.as_of_on
)

select
    worked.starts_on,
    worked.as_of_on,
    'total' as dimension,
    'total' as member,
    worked.working_days,
    coalesce(totals.case_count, 0) as case_count
from worked
left join {{ ref('fig_accepted') }} as totals
    on worked.starts_on = totals.starts_on
    and worked.as_of_on = totals.as_of_on
    and totals.dimension = 'total'
