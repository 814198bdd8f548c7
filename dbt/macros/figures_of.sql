{#- Rows of the figures of one family, out of its relation that has starts_on, as_of_on, dimension, member and the
    columns that the registry names as numerators and denominators. -#}
{% macro figures_of(family, relation) -%}
    {%- set found = [] -%}
    {%- for figure, definition in registry('figures').items() if definition.family == family -%}
        {%- do found.append((figure, definition)) -%}
    {%- endfor -%}
    {%- if execute and not found -%}
        {{ exceptions.raise_compiler_error("no figure of the registry is of the family " ~ family) }}
    {%- endif -%}
    {% for figure, definition in found %}
    select
        starts_on,
        as_of_on,
        '{{ figure }}' as figure,
        dimension,
        member,
        cast({{ definition.numerator.column }} as double precision) as numerator,
        cast({{ definition.denominator.column if definition.denominator else 'null' }} as double precision)
            as denominator
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
