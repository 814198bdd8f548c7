-- All revisions published so far, and the changes that late or corrected rows make to periods published as
-- complete. A figure or dimension that the registry did not have at that publication is new and makes no
-- revision.
with published as (
    select
        period,
        figure,
        dimension,
        member,
        value
    from {{ source('delta', 'published_figures') }}
),

families as (
    select distinct
        period,
        figure,
        dimension
    from published
),

counted as (
    select
        figures.period,
        figures.figure,
        figures.dimension,
        figures.member,
        figures.value
    from {{ ref('figures') }} as figures
    inner join families
        on figures.period = families.period
        and figures.figure = families.figure
        and figures.dimension = families.dimension
)

select
    period,
    figure,
    dimension,
    member,
    old_value,
    new_value,
    covered_until,
    run_id
from {{ source('delta', 'published_revisions') }}
union all
select
    coalesce(counted.period, published.period) as period,
    coalesce(counted.figure, published.figure) as figure,
    coalesce(counted.dimension, published.dimension) as dimension,
    coalesce(counted.member, published.member) as member,
    published.value as old_value,
    counted.value as new_value,
    (select min(coverage.covered_until) from {{ ref('int_coverage') }} as coverage) as covered_until,
    (select max(checks.run_id) from {{ source('quality', 'checks') }} as checks) as run_id
from counted
full outer join published
    on counted.period = published.period
    and counted.figure = published.figure
    and counted.dimension = published.dimension
    and counted.member = published.member
where
    (counted.value is null) <> (published.value is null)
    -- doubles added up in another order may differ in their last bits
    or abs(counted.value - published.value) > 1e-12 * abs(published.value)
