-- shares of towns are of all township cases, shares of anything else of all cases
with wholes as (
    select
        parts.starts_on,
        parts.as_of_on,
        parts.dimension,
        parts.member,
        parts.case_count,
        whole.case_count as whole_count
    from {{ ref('int_accepted_totals') }} as parts
    inner join {{ ref('int_accepted_totals') }} as whole
        on parts.starts_on = whole.starts_on
        and parts.as_of_on = whole.as_of_on
        and whole.dimension = case when parts.dimension = 'town' then 'venue' else 'total' end
        and whole.member = case when parts.dimension = 'town' then 'township' else 'total' end
)

select
    starts_on,
    as_of_on,
    'case_volume' as figure,
    dimension,
    member,
    case_count as numerator,
    null as denominator
from wholes
union all
select
    starts_on,
    as_of_on,
    'case_volume_share' as figure,
    dimension,
    member,
    case_count as numerator,
    whole_count as denominator
from wholes
