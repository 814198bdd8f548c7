-- after the last announced year, working days are unknown, so no limit and no period can be computed
with reach as (
    select
        (select max(date_on) from {{ ref('dim_date') }}) as calendar_ends_on,
        (select min(covered_until) from {{ ref('int_coverage') }}) as covered_until
)

select
    calendar_ends_on,
    covered_until
from reach
where covered_until > calendar_ends_on
