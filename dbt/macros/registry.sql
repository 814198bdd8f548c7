{#- A part of the registry of figures (`figures` or `dimensions`), which stands in dbt_project.yml. -#}
{% macro registry(part) -%}
    {{ return(var(part)) }}
{%- endmacro %}

{#- A text as an SQL literal; null for none. -#}
{% macro literal(text) -%}
    {%- if text is none or text is undefined -%} cast(null as varchar)
    {%- else -%} '{{ text | replace("'", "''") }}' {%- endif -%}
{%- endmacro %}

{#- The proof of one value from filled templates. -#}
{% macro proof(measure, numerator_sql, denominator_sql) -%}
    case {{ measure }}
        when 'count' then {{ numerator_sql }}
        when 'ratio' then 'select numerator, denominator, '
            || 'cast(numerator as double precision) / nullif(denominator, 0) as value from (select ('
            || {{ numerator_sql }} || ') as numerator, (' || {{ denominator_sql }} || ') as denominator) as counted'
        when 'gap' then 'select numerator, denominator, numerator - denominator as value from (select ('
            || {{ numerator_sql }} || ') as numerator, (' || {{ denominator_sql }} || ') as denominator) as counted'
        when 'rank' then 'select (' || {{ numerator_sql }} || ') as numerator, ('
            || {{ denominator_sql }} || ') as value'
    end
{%- endmacro %}
