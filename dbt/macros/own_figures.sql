{#- The figures of a jurisdiction's own: dagster_project/own_figures reads them from figures.yaml and passes them to
    dbt as the variable `own_figures`, with keys `figures` and `dimensions` in the registry's form, and `terms`.
    A term is what a numerator or denominator is a sum of. It has figure, part (numerator, denominator, or whole: a
    denominator for every member of the dimension), and either family, column and dimensions, or event, relation,
    condition, since, until and columns. -#}
{% macro own_figures() -%}
    {{ return(var('own_figures', {})) }}
{%- endmacro %}

{#- The terms that are rows of a family of the registry. -#}
{% macro family_terms() -%}
    {{ return((own_figures().terms or []) | selectattr('family', 'defined') | list) }}
{%- endmacro %}

{#- The terms that count rows of a fact: by days, or (`is_stock`) at the end of the span. -#}
{% macro counted_terms(is_stock) -%}
    {%- set terms = (own_figures().terms or []) | selectattr('family', 'undefined') | list -%}
    {{ return(terms | selectattr('day', 'undefined') | list if is_stock else terms | selectattr('day', 'defined') | list) }}
{%- endmacro %}

{#- The columns dimension and member of a term; a whole is one row, for any member. -#}
{% macro term_member(term) -%}
    {%- if term.part == 'whole' -%}
        '{{ term.dimension }}' as dimension,
        cast(null as {{ text_type() }}) as member
    {%- elif not term.columns -%}
        'total' as dimension,
        'total' as member
    {%- else -%}
        {{ dimension_and_member(keys_of(term.columns)) }}
    {%- endif -%}
{%- endmacro %}

{#- The grouping of a term's rows by `keys` and each of its dimensions. -#}
{% macro term_groups(term, keys) -%}
    {{ keys if term.part == 'whole' else by_each(keys, keys_of(term.columns)) }}
{%- endmacro %}

{#- The dimensions of a term as columns of those names. -#}
{% macro keys_of(columns) -%}
    {%- set names = {} -%}
    {%- for name in columns -%}{%- do names.update({name: name}) -%}{%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
