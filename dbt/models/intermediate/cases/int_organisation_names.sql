{{ config(materialized="view") }}

-- an export may write an organisation's own name or the one that the office prints
with names as (
    select
        org_name as name,
        printed_name,
        town_name
    from {{ ref('dim_organisations') }}
    union all
    select
        printed_name as name,
        printed_name,
        town_name
    from {{ ref('dim_organisations') }}
)

select
    name,
    min(printed_name) as printed_name,
    min(town_name) as town_name
from names
group by name
