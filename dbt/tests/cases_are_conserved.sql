-- every case that some source reports is one case of the jurisdiction, and every one that counts is one row
-- of fct_cases; in a delta, every touched one, and no old self of it stays behind on any day
with counts as (
    select
        (select count(distinct reports.case_key) from {{ ref('int_case_reports') }} as reports) as reported,
        (select count(*) from {{ ref('int_cases') }}) as cases,
        (select count(*) from {{ ref('int_counted_cases') }}) as counted,
        (
            select count(*) from {{ ref('fct_cases') }}
            where case_key in (select built.case_key from {{ ref('int_cases') }} as built)
        ) as facts
)

select
    reported,
    cases,
    counted,
    facts
from counts
where reported <> cases or counted <> facts
