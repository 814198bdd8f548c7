select
    f.period as month,
    f.member as town,
    f.value as cases
from marts.figures as f
inner join marts.dim_periods as p on f.period = p.period
where p.kind = 'month' and f.figure = 'case_volume' and f.dimension = 'town'
order by f.period, f.member
