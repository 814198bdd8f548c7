-- Of a case that several counties report, every report but that of the county listed first among those that
-- count in the period. A province takes these off the sum of the counties' volumes: it counts the case once.
{% set dimensions = {'venue': 'venue', 'channel': 'channel', 'case_type': 'case_type'} %}

with spans as (
    {% for base in ['', 'previous_', 'year_ago_'] %}
    select
        period,
        '{{ base }}' as base,
        {{ base }}starts_on as first_on,
        {{ base }}as_of_on as last_on
    from {{ ref('int_periods') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

reports as (
    select
        spans.period,
        spans.base,
        cases.county_code,
        cases.venue,
        cases.channel,
        cases.case_type,
        row_number() over (partition by spans.period, spans.base, cases.case_mark order by cases.list_order)
            as place
    from {{ ref('int_county_figures') }} as counties
    inner join spans on counties.period = spans.period
    inner join {{ ref('fct_member_cases') }} as cases
        on counties.county_code = cases.county_code
        and cases.accepted_on between spans.first_on and spans.last_on
    where counties.figure = 'case_volume' and counties.dimension = 'total'
)

select
    period,
    county_code,
    {{ dimension_and_member(dimensions) }},
    sum(case when base = '' then 1 else 0 end) as case_count,
    sum(case when base = 'previous_' then 1 else 0 end) as previous_count,
    sum(case when base = 'year_ago_' then 1 else 0 end) as year_ago_count
from reports
where place > 1
group by {{ by_each('period, county_code', dimensions) }}
