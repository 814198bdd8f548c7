-- attributes overlap: none of them is a part of another
select
    starts_on,
    as_of_on,
    'via_platform' as figure,
    dimension,
    member,
    platform_count as numerator,
    null as denominator
from {{ ref('int_accepted_totals') }}
union all
select
    starts_on,
    as_of_on,
    'via_platform_share' as figure,
    dimension,
    member,
    platform_count as numerator,
    case_count as denominator
from {{ ref('int_accepted_totals') }}
union all
select
    starts_on,
    as_of_on,
    'fully_online' as figure,
    dimension,
    member,
    fully_online_count as numerator,
    null as denominator
from {{ ref('int_accepted_totals') }}
union all
select
    starts_on,
    as_of_on,
    'fully_online_share' as figure,
    dimension,
    member,
    fully_online_count as numerator,
    case_count as denominator
from {{ ref('int_accepted_totals') }}
union all
select
    starts_on,
    as_of_on,
    'mobile' as figure,
    dimension,
    member,
    mobile_count as numerator,
    null as denominator
from {{ ref('int_accepted_totals') }}
union all
select
    starts_on,
    as_of_on,
    'mobile_share' as figure,
    dimension,
    member,
    mobile_count as numerator,
    case_count as denominator
from {{ ref('int_accepted_totals') }}
