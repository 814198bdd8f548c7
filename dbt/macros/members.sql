{#- Grouping sets: one grand total and one group a dimension; each row names its dimension and member.
    `dimensions` maps a dimension's name to its column; `keys` are the columns common to all groups. -#}
{% macro dimension_and_member(dimensions) -%}
    case{% for name, column in dimensions.items() %} when grouping({{ column }}) = 0 then '{{ name }}'{% endfor %} else 'total' end as dimension,
    case{% for name, column in dimensions.items() %} when grouping({{ column }}) = 0 then {{ column }}{% endfor %} else 'total' end as member
{%- endmacro %}

{% macro by_each(keys, dimensions) -%}
    grouping sets (({{ keys }}){% for column in dimensions.values() %}, ({{ keys }}, {{ column }}){% endfor %})
{%- endmacro %}
