{#- Before a full build: drop tables and views whose model no longer exists, so that analysts find nothing stale. -#}
{% macro drop_orphans() -%}
    {{ return(adapter.dispatch('drop_orphans', 'tongbao')()) }}
{%- endmacro %}
{% macro default__drop_orphans() -%}{%- endmacro %}
{% macro duckdb__drop_orphans() -%}
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
