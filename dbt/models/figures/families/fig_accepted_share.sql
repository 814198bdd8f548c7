-- The denominator of a town's share is all township cases; of any other share, all cases.
-- A member without cases has a share of 0.
with members as (
    select
        dimension,
        member
    from {{ ref('dimension_members') }}
    where is_listed
    union distinct
    select
        dimension,
        member
    from {{ ref('fig_accepted') }}
)

select
    whole.starts_on,
    whole.as_of_on,
    members.dimension,
    members.member,
    coalesce(part.case_count, 0) as case_count,
    whole.case_count as whole_count
from members
inner join {{ ref('fig_accepted') }} as whole
    on whole.dimension = case when members.dimension = 'town' then 'venue' else 'total' end
    and whole.member = case when members.dimension = 'town' then 'township' else 'total' end
left join {{ ref('fig_accepted') }} as part
    on whole.starts_on = part.starts_on
    and whole.as_of_on = part.as_of_on
    and members.dimension = part.dimension
    and members.member = part.member
