{{ config(materialized="view") }}

{% for entry in registered_needs() %}
select
    {{ literal(entry.figure) }} as figure,
    {{ literal(entry.dimension) }} as dimension,
    {{ literal(entry.member) if entry.member else 'cast(null as ' ~ text_type() ~ ')' }} as member,
    {{ literal(entry.requirement) }} as requirement
{{ 'union all' if not loop.last }}
{% endfor %}
