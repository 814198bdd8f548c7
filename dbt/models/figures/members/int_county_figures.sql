-- The counties' figures that a province counts, each with the parts of what it is compared with. A county's
-- count names its base itself; the base of a ratio is in the county's row of that period.
with counted as (
    select
        own.period,
        own.county_code,
        own.county_name,
        own.figure,
        own.dimension,
        own.member,
        own.numerator,
        own.denominator,
        own.value,
        own.previous_value,
        own.year_ago_value,
        definitions.measure,
        definitions.is_additive,
        periods.previous_period,
        periods.year_ago_period
    from {{ ref('fct_member_figures') }} as own
    inner join {{ ref('figure_definitions') }} as definitions on own.figure = definitions.figure
    inner join {{ ref('int_periods') }} as periods on own.period = periods.period
    where own.is_counted
)

select
    {% for base in ['previous', 'year_ago'] %}
    case
        when own.measure = 'count' then own.{{ base }}_value
        when own.{{ base }}_value is not null or {{ base }}.denominator = 0 then {{ base }}.numerator
    end as {{ base }}_numerator,
    {{ base }}.denominator as {{ base }}_denominator,
    {% endfor %}
    own.period,
    own.county_code,
    own.county_name,
    own.figure,
    own.dimension,
    own.member,
    own.numerator,
    own.denominator,
    own.value,
    own.previous_value,
    own.year_ago_value,
    own.measure,
    own.is_additive
from counted as own
{% for base in ['previous', 'year_ago'] %}
left join counted as {{ base }}
    on own.{{ base }}_period = {{ base }}.period
    and own.county_code = {{ base }}.county_code
    and own.figure = {{ base }}.figure
    and own.dimension = {{ base }}.dimension
    and own.member = {{ base }}.member
{% endfor %}
