-- every case that some source reports is one case of the jurisdiction, and every one that counts is one row
-- of fct_cases; after a delta the models hold the touched ones, and no old self of them stays on any day
with counts as (
    select
        (select count(distinct reports.case_key) from {{ ref('int_case_reports') }} as reports) as reported,
        (select count(*) from {{ ref('int_cases') }}) as cases,
        (select count(*) from {{ ref('int_counted_cases') }}) as counted,
        (
            select count(*) from {{ ref('fct_cases') }}
            {% if is_delta() %}
            where
                case_key in (
                    select built.case_key from {{ ref('int_cases') }} as built
                    union all
                    select touched.case_key from {{ ref('int_touched_cases') }} as touched
                )
            {% endif %}
        ) as facts
)

select
    reported,
    cases,
    counted,
    facts
from counts
where reported <> cases or counted <> facts
-- depends_on: {{ ref('int_touched_cases') }}
