-- the dimensions of each figure, with the condition on the facts that picks one member ($name)
{% set dimensions = registered_dimensions() %}
{% for figure in registered_figures() %}
{% set outer = loop %}
{% for dimension in figure.dimensions %}
select
    {{ literal(figure.key) }} as figure,
    {{ literal(dimension) }} as dimension,
    {{ literal(written_out(dimensions[dimension].member)) }} as member_sql,
    {{ literal(dimensions[dimension].whole or 'true') }} as whole_sql
{{ 'union all' if not (outer.last and loop.last) }}
{% endfor %}
{% endfor %}
