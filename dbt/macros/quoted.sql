{#- A list of texts as the inside of an IN (…). -#}
{% macro quoted(texts) -%}
    {% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
