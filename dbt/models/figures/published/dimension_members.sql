-- The registry names members that are the same in every jurisdiction. Townships are named by regions.csv,
-- sources by their mappings. All other members keep the name that the facts hold, sorted by their text.
{% for key, dimension in registered_dimensions().items() %}
{% for member in dimension.members or [] %}
select
    {{ literal(key) }} as dimension,
    {{ literal(member) }} as member,
    {{ loop.index }} as list_order,
    {{ literal(dimension.members[member] if dimension.members is mapping else member) }} as label,
    {{ dimension.is_listed is not false and member not in (dimension.occasional or []) }} as is_listed,
    false as is_unstated
union all
{% endfor %}
{% endfor %}
select
    'town' as dimension,
    printed_name as member,
    min(list_order) as list_order,
    printed_name as label,
    true as is_listed,
    false as is_unstated
from {{ ref('dim_regions') }}
where is_listed
group by printed_name
union all
select
    'source' as dimension,
    source as member,
    cast(null as integer) as list_order,
    name as label,
    false as is_listed,
    false as is_unstated
from {{ ref('dim_sources') }}
union all
select
    'county' as dimension,
    county_name as member,
    list_order,
    county_name as label,
    false as is_listed,
    false as is_unstated
from {{ ref('dim_members') }}
{% for dimension in ['town', 'item'] %}
union all
select
    '{{ dimension }}' as dimension,
    '{{ var("unstated") }}' as member,
    cast(null as integer) as list_order,
    '{{ var("unstated") }}' as label,
    false as is_listed,
    true as is_unstated
{% endfor %}
