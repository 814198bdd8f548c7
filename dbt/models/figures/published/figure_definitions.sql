-- the registry as a table, in its own order
{% for figure in registered_figures() %}
{% set numerator, denominator = figure.numerator, figure.denominator or {} %}
select
    {{ loop.index }} as list_order,
    {{ literal(figure.key) }} as figure,
    {{ literal(figure.name) }} as name,
    {{ literal(figure.basis) }} as basis,
    {{ literal(figure.unit) }} as unit,
    {{ literal(figure.direction) }} as direction,
    {{ literal(figure.style) }} as style,
    {{ figure.decimals }} as decimals,
    {{ literal(numerator.words) }} as numerator_words,
    {{ literal(denominator.words) }} as denominator_words,
    {{ literal(written_out(numerator.sql)) }} as numerator_sql,
    {{ literal(written_out(denominator.sql)) }} as denominator_sql,
    {{ literal(figure.measure) }} as measure,
    {{ 'true' if figure.style in ('share', 'rate') and figure.get('is_part', true) else 'false' }} as is_part,
    {{ 'true' if figure.covers_year else 'false' }} as covers_year,
    {{ literal(figure.dataset) }} as dataset,
    {{ literal(figure.heading) }} as heading,
    {{ literal(numerator.heading or numerator.words) }} as numerator_heading,
    {{ literal(denominator.heading or denominator.words) }} as denominator_heading,
    {{ 'true' if figure.measure in ('count', 'ratio') and figure.get('is_additive', true) else 'false' }}
        as is_additive,
    '{{ definition_mark(figure) }}' as definition
{{ 'union all' if not loop.last }}
{% endfor %}
