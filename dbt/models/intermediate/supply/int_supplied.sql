{{ config(materialized="view") }}

with kinds as (
    select
        supplied.source,
        supplied.dataset,
        supplied.covered_from,
        supplied.covered_until,
        sources.is_platform,
        sources.is_overdue_counted,
        sources.is_enrolled
    from {{ source('quality', 'supplied') }} as supplied
    inner join {{ ref('dim_sources') }} as sources on supplied.source = sources.source
)

select
    source,
    dataset,
    dataset || '.' || column_name as told,
    constant_value,
    covered_from,
    covered_until
from {{ source('quality', 'supplied') }}
union all
select distinct
    source,
    dataset,
    dataset as told,
    cast(null as {{ text_type() }}) as constant_value,
    covered_from,
    covered_until
from kinds
{% for flag in ['is_platform', 'is_overdue_counted', 'is_enrolled'] %}
union all
select distinct
    source,
    dataset,
    'cases.{{ flag }}' as told,
    cast(null as {{ text_type() }}) as constant_value,
    covered_from,
    covered_until
from kinds
where dataset = 'cases' and {{ flag }}
{% endfor %}
