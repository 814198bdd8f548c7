-- every case that a source reports is one case of the jurisdiction, and every one that counts is one row of
-- fct_cases. A delta looks at touched cases on touched days; an old row left on another day shows in the sum
-- of all days, which counts only touched days anew
with counts as (
    select
        (select count(distinct reports.case_key) from {{ ref('int_case_reports') }} as reports) as reported,
        (select count(*) from {{ ref('int_cases') }}) as cases,
        (select count(*) from {{ ref('int_counted_cases') }}) as counted,
        (
            select count(*) from {{ ref('fct_cases') }}
            where {{ is_to_build('case_key', 'accepted_on') }}
        ) as facts,
        (select count(*) from {{ ref('fct_cases') }}) as all_facts,
        (
            select coalesce(sum(days.case_count), 0)
            from {{ ref('int_accepted_days') }} as days
            where days.dimension = 'total'
        ) as all_days
)

select
    reported,
    cases,
    counted,
    facts,
    all_facts,
    all_days
from counts
where reported <> cases or counted <> facts or all_facts <> all_days
