{#- Condition: the case is paused at the end of the day. A pause that ends on a day is over at the end of that day. -#}
{% macro is_paused(case_key, day) -%}
exists (
    select 1
    from {{ ref('int_case_pauses') }} as pauses
    where
        pauses.case_key = {{ case_key }}
        and pauses.started_on <= {{ day }}
        and (pauses.ended_on is null or pauses.ended_on > {{ day }})
)
{%- endmacro %}
