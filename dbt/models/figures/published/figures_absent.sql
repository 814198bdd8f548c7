select
    periods.period,
    unsupplied.figure,
    unsupplied.dimension,
    unsupplied.member,
    reasons.reason,
    reasons.reason_en
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_supplied_figures') }} as unsupplied
    on periods.counted_from_on = unsupplied.starts_on
    and periods.as_of_on = unsupplied.as_of_on
    and not unsupplied.is_supplied
inner join {{ ref('int_unmet_needs') }} as reasons
    on unsupplied.starts_on = reasons.starts_on
    and unsupplied.as_of_on = reasons.as_of_on
    and unsupplied.requirement = reasons.requirement
left join {{ ref('int_supplied_figures') }} as whole
    on unsupplied.starts_on = whole.starts_on
    and unsupplied.as_of_on = whole.as_of_on
    and unsupplied.figure = whole.figure
    and unsupplied.dimension = whole.dimension
    and whole.member is null
left join {{ ref('figures') }} as figures
    on periods.period = figures.period
    and unsupplied.figure = figures.figure
    and unsupplied.dimension = figures.dimension
    and unsupplied.member = figures.member
where
    figures.figure is null
    -- where the whole dimension is absent, one row says so
    and (unsupplied.member is null or whole.is_supplied)
    -- a province has no exports of its own
    and not exists (select 1 from {{ ref('dim_members') }})
union all
select
    period,
    figure,
    dimension,
    member,
    reason,
    reason_en
from {{ ref('int_rolled_absent') }}
union all
select
    period,
    figure,
    dimension,
    member,
    reason,
    reason_en
from {{ ref('int_county_gaps') }}
