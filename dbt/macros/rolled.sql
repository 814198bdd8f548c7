{#- What a province needs to add up its counties' figures (models/figures/members/int_rolled_….sql). -#}

{#- The dimensions whose members are the same in every county, so that their figures can be added up by member. -#}
{% macro dimensions_alike() -%}
    {%- set keys = [] -%}
    {%- for key, dimension in registered_dimensions().items() if dimension.members and key != 'indicator' -%}
        {%- do keys.append(key) -%}
    {%- endfor -%}
    {{ return(keys) }}
{%- endmacro %}

{#- Ten letters that differ where two releases count something else: a province adds up only figures that have the same.
    Digits are left out of the hash, because ingest masks long numbers as personal. -#}
{% macro definition_mark(figure) -%}
    {%- set counted = [figure.measure, written_out(figure.numerator.sql), written_out((figure.denominator or {}).sql)] -%}
    {{ return(modules.re.sub('[0-9]', '', local_md5(counted | join(' ')))[:10]) }}
{%- endmacro %}

{#- The text of SQL that adds up the counties' rows; `rows` is text that goes on from their `from`, `repeats` takes off
    what several counties report. -#}
{% macro sum_again(rows, repeats) -%}
    case measure
        when 'ratio'
            then 'select numerator, denominator, numerator / nullif(denominator, 0) as value from (select '
                || 'sum(numerator) as numerator, sum(denominator) as denominator' || {{ rows }} || ') as counted'
        else 'select coalesce(sum(numerator), 0)' || {{ repeats }} || ' as value' || {{ rows }}
    end
{%- endmacro %}

{#- The text of a condition: `column`, which is SQL text itself, has the value. -#}
{% macro condition(column, value) -%}
    {{ literal(column ~ ' = ') }} || {{ literal_of(value) }}
{%- endmacro %}
