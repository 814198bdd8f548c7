{{ config(severity="warn") }}

-- A name that no list holds is printed as the export writes it, and no list gives its place or town.
-- What to do: put the line, with its blanks filled and corrected, into the file that is named
with named as (
    select
        member as name,
        case_count as row_count
    from {{ ref('int_accepted_days') }}
    where dimension = 'org'
    union all
    select
        org_name as name,
        1 as row_count
    from {{ ref('fct_evaluations') }}
    union all
    select
        org_name as name,
        1 as row_count
    from {{ ref('fct_extended_service') }}
    union all
    select
        org_name as name,
        1 as row_count
    from {{ ref('fct_duty_ledger') }}
),

written as (
    select
        name,
        sum(row_count) as row_count
    from named
    group by name
),

unlisted as (
    select
        written.name,
        written.row_count
    from written
    left join {{ ref('int_organisation_names') }} as listed on written.name = listed.name
    where written.name is not null and listed.name is null
),

organisations as (
    select
        unlisted.name,
        max(unlisted.row_count) as row_count,
        coalesce(min(cases.venue), 'hall') as venue,
        coalesce(min(listed_towns.name), '') as town_name
    from unlisted
    left join {{ ref('fct_cases') }} as cases on unlisted.name = cases.org_name
    left join {{ ref('int_town_names') }} as listed_towns on cases.town_name = listed_towns.name
    group by unlisted.name
),

towns as (
    select
        days.member as name,
        sum(days.case_count) as row_count
    from {{ ref('int_accepted_days') }} as days
    left join {{ ref('int_town_names') }} as listed on days.member = listed.name
    where days.dimension = 'town' and days.member <> '{{ var("unstated") }}' and listed.name is null
    group by days.member
)

-- The gate shows a name only if it names many rows, see ingest/masks.py.
select
    'organisations.csv' as list_name,
    '"' || name || '","' || name || '",' || venue || ',' || town_name || ',false' as line,
    name as name_of_line,
    row_count
from organisations
union all
select
    'regions.csv' as list_name,
    own.code || '???,"' || towns.name || '","' || towns.name || '",' || own.code || ',true,' as line,
    towns.name as name_of_line,
    towns.row_count
from towns
cross join {{ source('reference', 'jurisdiction') }} as own
order by list_name, line
