{#- Expressions that each SQL engine writes differently. Dates are plain dates without time zone. -#}

{#- Whole days from one date to another; negative when the second lies before the first. -#}
{% macro days_between(first_on, last_on) -%}
    {{ return(adapter.dispatch('days_between', 'tongbao')(first_on, last_on)) }}
{%- endmacro %}
{% macro default__days_between(first_on, last_on) -%}
    {{ dbt.datediff(first_on, last_on, 'day') }}
{%- endmacro %}
{% macro duckdb__days_between(first_on, last_on) -%}
    cast({{ last_on }} - {{ first_on }} as integer)
{%- endmacro %}

{#- The date so many days later. -#}
{% macro days_after(date_on, days) -%}
    {{ return(adapter.dispatch('days_after', 'tongbao')(date_on, days)) }}
{%- endmacro %}
{% macro default__days_after(date_on, days) -%}
    cast({{ dbt.dateadd('day', days, date_on) }} as date)
{%- endmacro %}
{% macro duckdb__days_after(date_on, days) -%}
    cast({{ date_on }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{#- Seconds from one moment to another; negative when the second lies before the first. -#}
{% macro seconds_between(first_at, last_at) -%}
    {{ return(adapter.dispatch('seconds_between', 'tongbao')(first_at, last_at)) }}
{%- endmacro %}
{% macro default__seconds_between(first_at, last_at) -%}
    {{ dbt.datediff(first_at, last_at, 'second') }}
{%- endmacro %}
{% macro duckdb__seconds_between(first_at, last_at) -%}
    cast(epoch({{ last_at }}) - epoch({{ first_at }}) as bigint)
{%- endmacro %}

{#- The moment so many seconds later. -#}
{% macro seconds_after(moment, seconds) -%}
    {{ return(adapter.dispatch('seconds_after', 'tongbao')(moment, seconds)) }}
{%- endmacro %}
{% macro default__seconds_after(moment, seconds) -%}
    {{ dbt.dateadd('second', seconds, moment) }}
{%- endmacro %}
{% macro duckdb__seconds_after(moment, seconds) -%}
    {{ moment }} + to_seconds({{ seconds }})
{%- endmacro %}

{#- The same date one year earlier; 29 February becomes the 28th. -#}
{% macro year_before(date_on) -%}
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
{% macro duckdb__key_hash(number) -%}
    cast(md5_number({{ number }}) & 4294967295 as uinteger)
{%- endmacro %}

{#- The texts of a group in the order of `place`, with `between` between them. -#}
{% macro joined_text(text, between, place) -%}
    {{ dbt.listagg(text, "'" ~ between ~ "'", "order by " ~ place) }}
{%- endmacro %}

{#- The least value of a group that `percent` of its rows don't exceed: the value of a row, never a mean of two. The
    rows are counted by value; `running_count` is how many have this value or less. -#}
{% macro quantile(value, running_count, row_count, percent) -%}
    {{ return(adapter.dispatch('quantile', 'tongbao')(value, running_count, row_count, percent)) }}
{%- endmacro %}
{% macro default__quantile(value, running_count, row_count, percent) -%}
    min(case when {{ running_count }} * 100 >= {{ row_count }} * {{ percent }} then {{ value }} end)
{%- endmacro %}
