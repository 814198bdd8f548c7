{#- The key of a case in the jurisdiction: its number, or source:number if the source has case numbers of its own. -#}
{% macro case_key(source, case_no, scope) -%}
    case when {{ scope }} = 'own' then {{ source }} || ':' || {{ case_no }} else {{ case_no }} end
{%- endmacro %}
