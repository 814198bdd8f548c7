-- A county's figure counts only for a whole period, because counties are read on different days, and only
-- where the county defines it as this province does.
with definitions as (
    {% for figure in registered_figures() %}
    select
        '{{ figure.key }}' as figure,
        '{{ definition_mark(figure) }}' as definition
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    published.period,
    published.county_code,
    published.county_name,
    published.figure,
    published.dimension,
    published.member,
    published.starts_on,
    published.as_of_on,
    published.is_complete,
    published.numerator,
    published.denominator,
    published.value,
    published.previous_value,
    published.year_ago_value,
    definitions.figure is not null as is_same_definition,
    published.is_complete and definitions.figure is not null and members.county_code is not null as is_counted
from {{ ref('stg_member_figures') }} as published
left join definitions
    on published.figure = definitions.figure
    and published.definition = definitions.definition
-- rows stay when a file is taken out of the landing folder, as that of a county whose warehouse can't be read
left join {{ ref('stg_members') }} as members
    on published.county_code = members.county_code and members.state in ('published', 'blocked')
