{{ config(materialized="view") }}
{% set counted_from_on = 'coalesce(periods.data_from_on, periods.starts_on)' %}

-- a view, because hundreds of items in each of a hundred periods would be most of the rows of a table
select
    periods.period,
    'case_volume' as figure,
    'day' as dimension,
    cast(cases.accepted_on as {{ text_type() }}) as member,
    cast(count(*) as double) as value
from {{ ref('dim_periods') }} as periods
inner join {{ ref('fct_cases') }} as cases
    on {{ predicate('accepted', 'cases.', counted_from_on, 'periods.as_of_on') }}
group by periods.period, cases.accepted_on
union all
select
    periods.period,
    'case_volume' as figure,
    'item' as dimension,
    coalesce(cases.item_name, cases.item_code, '{{ var("unstated") }}') as member,
    cast(count(*) as double) as value
from {{ ref('dim_periods') }} as periods
inner join {{ ref('fct_cases') }} as cases
    on {{ predicate('accepted', 'cases.', counted_from_on, 'periods.as_of_on') }}
group by periods.period, coalesce(cases.item_name, cases.item_code, '{{ var("unstated") }}')
union all
-- windows of the hall on the office's list that had no case, if exports of the period hold cases of the hall
select distinct
    periods.period,
    'case_volume' as figure,
    'window' as dimension,
    windows.printed_name as member,
    cast(0 as double) as value
from {{ ref('dim_periods') }} as periods
inner join {{ ref('figures') }} as whole
    on periods.period = whole.period and whole.figure = 'case_volume' and whole.member = 'hall'
cross join {{ ref('dim_organisations') }} as windows
left join {{ ref('figures') }} as volumes
    on periods.period = volumes.period
    and windows.printed_name = volumes.member
    and volumes.figure = 'case_volume'
    and volumes.dimension = 'org'
    and volumes.value > 0
where windows.venue = 'hall' and windows.keeps_ledger and volumes.member is null
union all
-- the counties that the region compares, with the number of indicators in which it ranks them
select
    period,
    'county_rank' as figure,
    'county' as dimension,
    county_name as member,
    cast(count(*) as double) as value
from {{ ref('fct_county_indicators') }}
group by period, county_name
union all
-- who ranks first in each indicator, with the unit of its value
select
    period,
    'county_gap' as figure,
    'leader' as dimension,
    indicator || '/' || coalesce(unit, '') || '/' || county_name as member,
    value
from {{ ref('fct_county_indicators') }}
where rank = 1
union all
-- how each county of a province stands, and whether the period counts its cases
select
    periods.period,
    'case_volume' as figure,
    'report' as dimension,
    members.state || '/'
    -- the last day of a county that counts moves on, and a bulletin of the period stays as it is
    || coalesce(
        case when counted.member is null then cast(members.covered_until as {{ text_type() }}) end, ''
    ) || '/' || members.county_name as member,
    cast(case when counted.member is null then 0 else 1 end as double) as value
from {{ ref('dim_periods') }} as periods
cross join {{ ref('dim_members') }} as members
left join {{ ref('figures') }} as counted
    on periods.period = counted.period
    and counted.figure = 'case_volume'
    and counted.dimension = 'county'
    and members.county_name = counted.member
