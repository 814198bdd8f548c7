with delivered as (
    select
        source,
        dataset,
        max(covers_until) as covered_until
    from {{ source('quality', 'files') }}
    where verdict = 'loaded' and dataset in ({{ quoted(var('continuous_datasets')) }})
    group by source, dataset
),

first_rows as (
    select
        'cases' as dataset,
        min(accepted_on) as first_on
    from {{ ref('fct_cases') }}
    union all
    select
        'evaluations' as dataset,
        min(evaluated_on) as first_on
    from {{ ref('fct_evaluations') }}
    union all
    select
        'certificates' as dataset,
        min(stored_on) as first_on
    from {{ ref('fct_certificates') }}
),

-- days off just before the first row are covered too, because the office was closed
first_days as (
    select
        first_rows.dataset,
        coalesce({{ days_after('max(days.date_on)', 1) }}, first_rows.first_on) as starts_on
    from first_rows
    left join {{ ref('dim_date') }} as days
        on first_rows.first_on > days.date_on and days.is_working_day
    where first_rows.first_on is not null
    group by first_rows.dataset, first_rows.first_on
)

select
    delivered.dataset,
    first_days.starts_on,
    min(delivered.covered_until) as covered_until
from delivered
left join first_days on delivered.dataset = first_days.dataset
group by delivered.dataset, first_days.starts_on
