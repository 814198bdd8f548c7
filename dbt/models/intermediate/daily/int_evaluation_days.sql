{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_changed('evaluations', 'evaluated_at', 'evaluated_on')) }}"
) }}

select
    evaluated_on,
    mode,
    level,
    rectified_on,
    is_satisfied,
    count(*) as evaluation_count
from {{ ref('fct_evaluations') }}
where
    is_valid
    {%- if is_incremental() %}
    and {{ is_changed('evaluations', 'evaluated_at', 'evaluated_on') }}
    {%- endif %}
group by evaluated_on, mode, level, rectified_on, is_satisfied
