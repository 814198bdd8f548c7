{#- Rows of figures out of a relation that has starts_on, as_of_on, dimension, member and counts.
    `figures` maps a figure's key to [numerator, denominator] (columns or expressions; null where it is a count). -#}
{% macro figures_of(relation, figures) -%}
    {% for figure, (numerator, denominator) in figures.items() %}
    select
        starts_on,
        as_of_on,
        '{{ figure }}' as figure,
        dimension,
        member,
        cast({{ numerator }} as double precision) as numerator,
        cast({{ denominator }} as double precision) as denominator
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
