{{ config(materialized="view") }}

-- members that are reported even where there is nothing to count
select
    dimension,
    member
from {{ ref('dimension_members') }}
union all
select
    'town' as dimension,
    printed_name as member
from {{ ref('dim_regions') }}
where is_listed
