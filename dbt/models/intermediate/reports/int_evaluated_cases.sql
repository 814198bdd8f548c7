{{ config(materialized="view") }}

-- depends_on: {{ ref('int_touched_cases') }}
-- of a case rated several times the first valid rating counts, and the first that somebody gave
select
    case_key,
    min(evaluated_on) as evaluated_on,
    min(case when not is_default then evaluated_on end) as actively_evaluated_on
from {{ ref('fct_evaluations') }}
where
    is_valid
    {%- if is_delta() %}
    and case_key in (select touched.case_key from {{ ref('int_touched_cases') }} as touched)
    {%- endif %}
group by case_key
