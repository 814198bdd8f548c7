{#- The registry of figures: the `meta` of the models in dbt/figures/*.yml. dbt's graph holds it after parsing. -#}

{#- Every figure, in the registry's order, with its `key` and its `family` (the model that counts it). The
    jurisdiction's own figures come last. -#}
{% macro registered_figures() -%}
    {%- set figures = [] -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.config.meta and node.config.meta.figures -%}
        {%- for key, figure in node.config.meta.figures.items() -%}
            {%- do figures.append(dict(figure, key=key, family=node.name)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for key, figure in (own_figures().figures or {}).items() -%}
        {%- do figures.append(dict(figure, key=key, family='fig_own')) -%}
    {%- endfor -%}
    {{ return(figures | sort(attribute='order')) }}
{%- endmacro %}

{#- Every dimension by its key, in the registry's order. -#}
{% macro registered_dimensions() -%}
    {%- if not execute -%}{{ return({}) }}{%- endif -%}
    {%- set registered = graph.nodes['model.tongbao.dimension_definitions'].config.meta.dimensions -%}
    {{ return(dict(registered, **(own_figures().dimensions or {}))) }}
{%- endmacro %}

{#- The rows of all figures, from the relations of the families. Those have starts_on, as_of_on, dimension, member and
    the columns that the registry names as numerators and denominators. A row with neither is left out. The rows of the
    jurisdiction's own figures lie in fig_own as they are. -#}
{% macro figures_of(families) -%}
    {%- set relations = {} -%}
    {%- for relation in families -%}{%- do relations.update({relation.identifier: relation}) -%}{%- endfor -%}
    {% for figure in registered_figures() if figure.family != 'fig_own' %}
    {%- if figure.family not in relations -%}
        {{ exceptions.raise_compiler_error(
            "figure " ~ figure.key ~ " belongs to " ~ figure.family ~ ", which int_span_figures does not read: add ref('"
            ~ figure.family ~ "') to its families"
        ) }}
    {%- endif -%}
    {%- set numerator, denominator = figure.numerator.column, figure.denominator.column if figure.denominator else 'null' -%}
    select
        starts_on,
        as_of_on,
        '{{ figure.key }}' as figure,
        dimension,
        member,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator
    from {{ relations[figure.family] }}
    where dimension in ({{ quoted(figure.dimensions) }}) and coalesce({{ numerator }}, {{ denominator }}) is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
