{#- What DuckDB writes differently from engine.sql. -#}

{% macro duckdb__days_between(first_on, last_on) -%}
    cast({{ last_on }} - {{ first_on }} as integer)
{%- endmacro %}

{% macro duckdb__days_after(date_on, days) -%}
    cast({{ date_on }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro duckdb__seconds_between(first_at, last_at) -%}
    cast(epoch({{ last_at }}) - epoch({{ first_at }}) as bigint)
{%- endmacro %}

{% macro duckdb__seconds_after(moment, seconds) -%}
    {{ moment }} + to_seconds({{ seconds }})
{%- endmacro %}

{% macro duckdb__key_hash(number) -%}
    cast(md5_number({{ number }}) & 4294967295 as uinteger)
{%- endmacro %}
