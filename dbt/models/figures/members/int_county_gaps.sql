-- What one county lacks: all figures of a period that it hasn't reported yet, or a figure that others have.
with periods as (
    select distinct period
    from {{ ref('int_rolled_figures') }}
),

reported as (
    select distinct
        period,
        county_code,
        county_name
    from {{ ref('fct_member_figures') }}
    where is_counted
),

offered as (
    select distinct
        period,
        figure
    from {{ ref('int_rolled_figures') }}
    where dimension = 'county'
)

select
    periods.period,
    'case_volume' as figure,
    'county' as dimension,
    members.county_name as member,
    '该县（市、区）尚无本期数据，未计入任何一项' as reason,
    'the county has no data of the period yet, and counts in no figure' as reason_en
from periods
cross join {{ ref('dim_members') }} as members
left join reported on periods.period = reported.period and members.county_code = reported.county_code
where reported.county_code is null
union all
select
    offered.period,
    offered.figure,
    'county' as dimension,
    reported.county_name as member,
    case
        when own.is_same_definition is false then '该县（市、区）按另一版本的口径统计，未计入'
        else '该县（市、区）没有此项数据，未计入'
    end as reason,
    case
        when own.is_same_definition is false then 'the county counts it by another definition and is left out'
        else 'the county has no data of it, so it is left out'
    end as reason_en
from offered
inner join reported on offered.period = reported.period
left join {{ ref('fct_member_figures') }} as own
    on offered.period = own.period
    and offered.figure = own.figure
    and reported.county_code = own.county_code
    and own.dimension = 'total'
where coalesce(own.is_counted, false) is false and offered.figure <> 'case_volume_share'
