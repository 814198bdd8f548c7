{#- A list of texts, quoted for an IN (…). -#}
{% macro quoted(texts) -%}
    {% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{#- SQL for a text as an SQL literal: in quotes, its own quotes doubled. -#}
{% macro literal_of(expression) -%}
    {%- set quote = literal("'") -%}
    {{ quote }} || replace({{ expression }}, {{ quote }}, {{ quote }} || {{ quote }}) || {{ quote }}
{%- endmacro %}
