select
    cases.county_code,
    cases.case_mark,
    members.list_order,
    cases.accepted_on,
    cases.venue,
    cases.channel,
    cases.case_type
from {{ ref('stg_member_cases') }} as cases
inner join {{ ref('dim_members') }} as members on cases.county_code = members.county_code
