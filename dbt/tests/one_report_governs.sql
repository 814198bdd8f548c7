-- two sources of one precedence would leave it open which of them governs a case that both report
with reporting as (
    select distinct
        source_system,
        precedence
    from {{ ref('int_case_reports') }}
)

select
    precedence,
    count(*) as source_count
from reporting
group by precedence
having count(*) > 1
