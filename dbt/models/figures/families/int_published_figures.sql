-- figures as they were last published: read before `figures` is built again, so that revisions are seen
{% set published = adapter.get_relation(this.database, 'marts', 'figures') if execute %}

{% if published %}
select
    period,
    figure,
    dimension,
    member,
    value
from {{ published }}
where is_complete
{% else %}
select
    cast(null as varchar) as period,
    cast(null as varchar) as figure,
    cast(null as varchar) as dimension,
    cast(null as varchar) as member,
    cast(null as double precision) as value
from {{ ref('int_coverage') }}
where false
{% endif %}
