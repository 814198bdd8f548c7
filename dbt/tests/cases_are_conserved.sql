-- every case that a source reports is one case of the jurisdiction, and every one that counts is one row of
-- fct_cases. A delta looks at touched cases on all days, so that an old row left on another day is found
with counts as (
    select
        (select count(distinct reports.case_key) from {{ ref('int_case_reports') }} as reports) as reported,
        (select count(*) from {{ ref('int_cases') }}) as cases,
        (select count(*) from {{ ref('int_counted_cases') }}) as counted,
        (
            select count(*) from {{ ref('fct_cases') }}
            where {{ is_to_build('case_key') }}
        ) as facts
)

select
    reported,
    cases,
    counted,
    facts
from counts
where reported <> cases or counted <> facts
