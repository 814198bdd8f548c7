-- members that are listed even where there is nothing to count
{% set listed = [] %}
{% for dimension, definition in registry('dimensions').items() %}
{% for member in definition.members or [] %}
{% do listed.append((dimension, member, loop.index)) %}
{% endfor %}
{% endfor %}
{% for dimension, member, list_order in listed %}
select
    {{ literal(dimension) }} as dimension,
    {{ literal(member) }} as member,
    {{ list_order }} as list_order
{{ 'union all' if not loop.last }}
{% endfor %}
