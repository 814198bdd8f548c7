{#- A list of texts, quoted for an IN (…). -#}
{% macro quoted(texts) -%}
    {% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
