-- the figures of the whole county in every month, each with its basis; rates and shares are fractions of 1
select
    f.period as month,
    f.figure,
    d.name,
    d.unit,
    f.value,
    f.year_ago_value,
    f.is_complete
from marts.figures as f
inner join marts.figure_definitions as d on f.figure = d.figure
inner join marts.dim_periods as p on f.period = p.period
where p.kind = 'month' and f.dimension = 'total'
order by f.period, d.list_order
