{#- What Spark writes differently from engine.sql, and what dbt asks of its adapter. Spark always builds everything in
    an empty catalog (dagster_project/spark), so deltas, orphans and comments need nothing here. -#}

{#- Spark reads a backslash as an escape, and joins 'a''b' to 'ab'. -#}
{% macro spark__escaped(text) -%}
    {{ return(text | replace("\\", "\\\\") | replace("'", "\\'")) }}
{%- endmacro %}

{% macro spark__days_between(first_on, last_on) -%}
    datediff({{ last_on }}, {{ first_on }})
{%- endmacro %}

{% macro spark__days_after(date_on, days) -%}
    date_add({{ date_on }}, cast({{ days }} as integer))
{%- endmacro %}

{#- DuckDB rounds to whole seconds, half to even; timestampdiff in seconds would cut fractions off. -#}
{% macro spark__seconds_between(first_at, last_at) -%}
    cast(rint(timestampdiff(microsecond, {{ first_at }}, {{ last_at }}) / 1000000) as bigint)
{%- endmacro %}

{% macro spark__seconds_after(moment, seconds) -%}
    ({{ moment }} + make_dt_interval(0, 0, 0, {{ seconds }}))
{%- endmacro %}

{#- Spark has no type for a time of day. -#}
{% macro spark__time_of_day(moment) -%}
    date_format({{ moment }}, 'HH:mm:ss.SSSSSS')
{%- endmacro %}

{% macro spark__year_before(date_on) -%}
    add_months({{ date_on }}, -12)
{%- endmacro %}

{% macro spark__weekday_no(date_on) -%}
    weekday({{ date_on }}) + 1
{%- endmacro %}

{#- DuckDB reads the first four bytes of the digest with the lowest first. -#}
{% macro spark__key_hash(number) -%}
    {%- set bytes = [] -%}
    {%- for place in [7, 5, 3, 1] -%}{%- do bytes.append("substr(md5(" ~ number ~ "), " ~ place ~ ", 2)") -%}{%- endfor -%}
    cast(conv({{ bytes | join(" || ") }}, 16, 10) as bigint)
{%- endmacro %}

{% macro spark__joined_text(text, between, place) -%}
    listagg({{ text }}, '{{ between }}') within group (order by {{ place }})
{%- endmacro %}

{#- The columns of a contract. Spark knows no varchar without a length and no uuid: both are strings there. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ 'string' if column.data_type in ('varchar', 'uuid') else column.data_type }}) as {{ column.name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
