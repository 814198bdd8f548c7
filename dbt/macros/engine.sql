{#- Expressions that each SQL engine writes differently: here in general, in duckdb.sql and spark.sql for one
    engine. Dates are plain dates without time zone. -#}

{#- The type of texts. Both engines call the other types by the same names (double, integer, bigint, date, timestamp). -#}
{% macro text_type() -%}
    {{ dbt.type_string() }}
{%- endmacro %}

{#- A text as an SQL literal; null for none. -#}
{% macro literal(text) -%}
    {%- if text is none or text is undefined -%} cast(null as {{ text_type() }})
    {%- else -%} '{{ escaped(text) }}' {%- endif -%}
{%- endmacro %}
{% macro escaped(text) -%}
    {{ return(adapter.dispatch('escaped', 'tongbao')(text)) }}
{%- endmacro %}
{% macro default__escaped(text) -%}
    {{ return(text | replace("'", "''")) }}
{%- endmacro %}

{#- Whole days from one date to another; negative when the second lies before the first. -#}
{% macro days_between(first_on, last_on) -%}
    {{ return(adapter.dispatch('days_between', 'tongbao')(first_on, last_on)) }}
{%- endmacro %}
{% macro default__days_between(first_on, last_on) -%}
    {{ dbt.datediff(first_on, last_on, 'day') }}
{%- endmacro %}

{#- The date so many days later. -#}
{% macro days_after(date_on, days) -%}
    {{ return(adapter.dispatch('days_after', 'tongbao')(date_on, days)) }}
{%- endmacro %}
{% macro default__days_after(date_on, days) -%}
    cast({{ dbt.dateadd('day', days, date_on) }} as date)
{%- endmacro %}

{#- Seconds from one moment to another; negative when the second lies before the first. -#}
{% macro seconds_between(first_at, last_at) -%}
    {{ return(adapter.dispatch('seconds_between', 'tongbao')(first_at, last_at)) }}
{%- endmacro %}
{% macro default__seconds_between(first_at, last_at) -%}
    {{ dbt.datediff(first_at, last_at, 'second') }}
{%- endmacro %}

{#- The moment so many seconds later. -#}
{% macro seconds_after(moment, seconds) -%}
    {{ return(adapter.dispatch('seconds_after', 'tongbao')(moment, seconds)) }}
{%- endmacro %}
{% macro default__seconds_after(moment, seconds) -%}
    {{ dbt.dateadd('second', seconds, moment) }}
{%- endmacro %}

{#- What orders moments by their time of day. -#}
{% macro time_of_day(moment) -%}
    {{ return(adapter.dispatch('time_of_day', 'tongbao')(moment)) }}
{%- endmacro %}
{% macro default__time_of_day(moment) -%}
    cast({{ moment }} as time)
{%- endmacro %}

{#- The same date one year earlier; 29 February becomes the 28th. -#}
{% macro year_before(date_on) -%}
    {{ return(adapter.dispatch('year_before', 'tongbao')(date_on)) }}
{%- endmacro %}
{% macro default__year_before(date_on) -%}
    cast({{ dbt.dateadd('year', -1, date_on) }} as date)
{%- endmacro %}

{#- 1 = Monday … 7 = Sunday. -#}
{% macro weekday_no(date_on) -%}
    {{ return(adapter.dispatch('weekday_no', 'tongbao')(date_on)) }}
{%- endmacro %}
{% macro default__weekday_no(date_on) -%}
    extract(isodow from {{ date_on }})
{%- endmacro %}

{#- Whether the condition holds for any row of the group. -#}
{% macro any_true(condition) -%}
    {{ dbt.bool_or(condition) }}
{%- endmacro %}

{#- A 32-bit hash of a number, as ingest/rows/load.py keeps it in `_key_hash`. -#}
{% macro key_hash(number) -%}
    {{ return(adapter.dispatch('key_hash', 'tongbao')(number)) }}
{%- endmacro %}

{#- The texts of a group in the order of `place`, with `between` between them. -#}
{% macro joined_text(text, between, place) -%}
    {{ return(adapter.dispatch('joined_text', 'tongbao')(text, between, place)) }}
{%- endmacro %}
{% macro default__joined_text(text, between, place) -%}
    {{ dbt.listagg(text, "'" ~ between ~ "'", "order by " ~ place) }}
{%- endmacro %}

{#- The least value of a group that `percent` of its rows don't exceed: the value of a row, never a mean of two. The
    rows are counted by value; `running_count` is how many have this value or less. -#}
{% macro quantile(value, running_count, row_count, percent) -%}
    min(case when {{ running_count }} * 100 >= {{ row_count }} * {{ percent }} then {{ value }} end)
{%- endmacro %}
