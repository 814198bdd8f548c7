{#- A list of texts, quoted for an IN (…). -#}
{% macro quoted(texts) -%}
    {% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{#- A text as an SQL literal; null for none. -#}
{% macro literal(text) -%}
    {%- if text is none or text is undefined -%} cast(null as varchar)
    {%- else -%} '{{ text | replace("'", "''") }}' {%- endif -%}
{%- endmacro %}
