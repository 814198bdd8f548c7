{{ config(severity="warn") }}

-- A name that no list holds is printed as the export writes it, and no list gives its place or town.
-- What to do: put the line, with its blanks filled and corrected, into the file that is named
with written as (
    select member as name
    from {{ ref('int_accepted_days') }}
    where dimension = 'org'
    union distinct
    select org_name as name
    from {{ ref('fct_evaluations') }}
    union distinct
    select org_name as name
    from {{ ref('fct_extended_service') }}
    union distinct
    select org_name as name
    from {{ ref('fct_duty_ledger') }}
),

unlisted as (
    select written.name
    from written
    left join {{ ref('int_organisation_names') }} as listed on written.name = listed.name
    where written.name is not null and listed.name is null
),

organisations as (
    select
        unlisted.name,
        coalesce(min(cases.venue), 'hall') as venue,
        coalesce(min(cases.town_name), '') as town_name
    from unlisted
    left join {{ ref('fct_cases') }} as cases on unlisted.name = cases.org_name
    group by unlisted.name
),

towns as (
    select distinct days.member as name
    from {{ ref('int_accepted_days') }} as days
    left join {{ ref('int_town_names') }} as listed on days.member = listed.name
    where days.dimension = 'town' and days.member <> '{{ var("unstated") }}' and listed.name is null
)

select
    'organisations.csv' as list_name,
    '"' || name || '","' || name || '",' || venue || ',' || town_name || ',false' as line
from organisations
union all
select
    'regions.csv' as list_name,
    own.code || '???,"' || towns.name || '","' || towns.name || '",' || own.code || ',true,' as line
from towns
cross join {{ source('reference', 'jurisdiction') }} as own
order by list_name, line
