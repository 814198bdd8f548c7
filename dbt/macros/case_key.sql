{#- The identity of a case in the jurisdiction: its number, or source:number where a source numbers for itself. -#}
{% macro case_key(source, case_no, scope) -%}
    case when {{ scope }} = 'own' then {{ source }} || ':' || {{ case_no }} else {{ case_no }} end
{%- endmacro %}
