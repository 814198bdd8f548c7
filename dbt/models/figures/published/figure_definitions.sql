-- the registry as a table, in its own order
{% for figure, definition in registry('figures').items() %}
select
    {{ loop.index }} as list_order,
    {{ literal(figure) }} as figure,
    {{ literal(definition.name) }} as name,
    {{ literal(definition.basis) }} as basis,
    {{ literal(definition.unit) }} as unit,
    {{ literal(definition.direction) }} as direction,
    {{ literal(definition.style) }} as style,
    {{ definition.decimals }} as decimals,
    {{ literal(definition.numerator.words) }} as numerator_words,
    {{ literal((definition.denominator or {}).words) }} as denominator_words,
    {{ literal(definition.numerator.sql) }} as numerator_sql,
    {{ literal((definition.denominator or {}).sql) }} as denominator_sql,
    {{ literal(definition.measure) }} as measure,
    {{ literal(definition.dataset) }} as dataset
{{ 'union all' if not loop.last }}
{% endfor %}
