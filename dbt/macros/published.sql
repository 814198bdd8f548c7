{#- Before a build: what the published file said, which `revisions` compares with. Schema `delta` is dropped before
    publication, so the first build of a candidate makes it from the figures that the candidate was copied with. -#}
{% macro remember_published() -%}
    create schema if not exists delta;
    {% if execute %}
    {% for name, source_name, condition, columns in [
        ('published_figures', 'figures', 'where is_complete', {
            'period': 'varchar', 'figure': 'varchar', 'dimension': 'varchar', 'member': 'varchar', 'value': 'double'}),
        ('published_revisions', 'revisions', '', {
            'period': 'varchar', 'figure': 'varchar', 'dimension': 'varchar', 'member': 'varchar',
            'old_value': 'double', 'new_value': 'double', 'covered_until': 'date', 'run_id': 'varchar'}),
    ] %}
    {% set published = adapter.get_relation(target.database, 'marts', source_name) %}
    create or replace table delta.{{ name }} as
    {% if published -%}
    select {{ columns.keys() | join(', ') }} from {{ published }} {{ condition }};
    {%- else -%}
    select {% for column, type in columns.items() %}cast(null as {{ type }}) as {{ column }}{{ ', ' if not loop.last }}{% endfor %} where false;
    {%- endif %}
    {% endfor %}
    {% endif %}
{%- endmacro %}

{#- Before a full build: drop tables and views whose model no longer exists, so that analysts find nothing stale. -#}
{% macro drop_orphans() -%}
    {%- if execute and flags.FULL_REFRESH and flags.WHICH in ('build', 'run') -%}
    {%- set models = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.materialized != 'ephemeral' -%}
    {%- do models.append((node.schema, node.alias)) -%}
    {%- endfor -%}
    {%- set standing -%}
        select table_schema, table_name, case table_type when 'VIEW' then 'view' else 'table' end as kind
        from information_schema.tables
        where table_catalog = '{{ target.database }}' and table_schema in ('staging', 'intermediate', 'marts')
    {%- endset -%}
    {%- for schema, name, kind in run_query(standing).rows if (schema, name) not in models %}
    drop {{ kind }} {{ schema }}.{{ name }};
    {%- endfor %}
    {%- endif %}
{%- endmacro %}
