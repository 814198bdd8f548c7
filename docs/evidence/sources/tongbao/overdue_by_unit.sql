-- open cases past their limit on the last day that the exports cover
select
    unit_name as unit,
    count(*) as overdue,
    max(days_over) as most_days_over
from marts.worklist
where is_overdue
group by unit_name
order by overdue desc, unit
