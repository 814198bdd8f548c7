-- the dimensions of each figure, with the condition on the facts that picks one member ($name)
{% for figure, definition in registry('figures').items() %}
{% set outer = loop %}
{% for dimension in definition.dimensions %}
select
    {{ literal(figure) }} as figure,
    {{ literal(dimension) }} as dimension,
    {{ literal(registry('dimensions')[dimension].member) }} as member_sql,
    {{ literal(registry('dimensions')[dimension].whole or 'true') }} as whole_sql
{{ 'union all' if not (outer.last and loop.last) }}
{% endfor %}
{% endfor %}
