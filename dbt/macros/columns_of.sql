{#- The columns of a dataset's contract, as `raw.<dataset>` holds them: without the bookkeeping columns, which begin
    with an underscore, and without those in `besides`. `alias` is put before each. A column that the contract gains
    thereby passes through every model that uses this macro. It asks for names only, so it is no edge of the lineage. -#}
{% macro columns_of(dataset, alias='', besides=[]) -%}
    {%- set raw = api.Relation.create(this.database if this.database is defined else target.database, 'raw', dataset) -%}
    {%- for column in (adapter.get_columns_in_relation(raw) if execute else [])
        if not column.name.startswith('_') and column.name not in besides -%}
        {{ ",\n    " if not loop.first }}{{ alias ~ '.' if alias }}{{ column.name }}
    {%- endfor -%}
{%- endmacro %}

{#- Copy the comments of columns from `upstream` to this model, for columns that the model's YAML leaves to the contract. -#}
{% macro comment_like(upstream) -%}
    {{ return(adapter.dispatch('comment_like', 'tongbao')(upstream)) }}
{%- endmacro %}
{% macro default__comment_like(upstream) -%}{%- endmacro %}
{% macro duckdb__comment_like(upstream) -%}
    {%- set comments -%}
        select theirs.column_name, theirs.comment
        from duckdb_columns() as theirs
        inner join duckdb_columns() as ours on theirs.column_name = ours.column_name
        where theirs.schema_name = '{{ upstream.schema }}' and theirs.table_name = '{{ upstream.identifier }}'
            and ours.schema_name = '{{ this.schema }}' and ours.table_name = '{{ this.identifier }}'
        order by ours.column_index
    {%- endset -%}
    {%- for column, comment in (run_query(comments).rows if execute else []) -%}
        comment on column {{ this }}.{{ column }} is '{{ comment | replace("'", "''") }}';
    {% endfor -%}
{%- endmacro %}
