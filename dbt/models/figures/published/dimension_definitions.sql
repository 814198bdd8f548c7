-- what each dimension is called, in the registry's order
{% for key, dimension in registered_dimensions().items() %}
select
    {{ loop.index }} as list_order,
    {{ literal(key) }} as dimension,
    {{ literal(dimension.name) }} as name
{{ 'union all' if not loop.last }}
{% endfor %}
