{{ config(materialized="ephemeral") }}

-- of a case with several ratings, keep the first valid rating and the first that a person gave (not by
-- default)
select
    case_key,
    min(evaluated_on) as evaluated_on,
    min(case when not is_default then evaluated_on end) as actively_evaluated_on
from {{ ref('fct_evaluations') }}
where
    is_valid
    and {{ is_to_build('case_key') }}
group by case_key
