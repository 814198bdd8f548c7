{{ config(materialized="view") }}

-- An export may write a town's official name, the name that the office prints, or its code.
-- The jurisdiction itself is no town.
with towns as (
    select
        region_code,
        region_name,
        printed_name
    from {{ ref('dim_regions') }}
    where region_code not in (select own.code from {{ source('reference', 'jurisdiction') }} as own)
),

names as (
    select
        region_code as name,
        printed_name
    from towns
    union all
    select
        region_name as name,
        printed_name
    from towns
    union all
    select
        printed_name as name,
        printed_name
    from towns
)

select
    name,
    min(printed_name) as printed_name
from names
group by name
