{#- A schema is named as configured, with no target in front: analysts' SQL depends on it. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
