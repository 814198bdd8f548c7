-- A file's span says which days it covers; the dates in its rows don't, because one mistyped year would move
-- the first day. A day that the jurisdiction declares takes its place.
with delivered as (
    select
        source,
        dataset,
        min(covers_from) as covered_from,
        max(covers_until) as covered_until
    from {{ source('quality', 'files') }}
    where verdict = 'loaded' and dataset in ({{ quoted(var('continuous_datasets')) }})
    group by source, dataset
),

spans as (
    select
        delivered.dataset,
        declared.starts_on as declared_on,
        -- once a first day is declared, a source that was connected later no longer moves it
        case
            when declared.starts_on is null then max(delivered.covered_from)
            else min(delivered.covered_from)
        end as first_on,
        min(delivered.covered_until) as covered_until
    from delivered
    cross join {{ source('reference', 'jurisdiction') }} as declared
    group by delivered.dataset, declared.starts_on
),

-- days off just before the first day are covered too, because the office was closed
reached as (
    select
        spans.dataset,
        spans.declared_on,
        spans.covered_until,
        coalesce({{ days_after('max(days.date_on)', 1) }}, spans.first_on) as first_on
    from spans
    left join {{ ref('dim_date') }} as days on spans.first_on > days.date_on and days.is_working_day
    group by spans.dataset, spans.declared_on, spans.covered_until, spans.first_on
)

select
    dataset,
    case
        when declared_on is null then first_on
        when first_on > declared_on and dataset <> 'cases' then first_on
        else declared_on
    end as starts_on,
    covered_until
from reached
union all
-- a province's data reach as far as those of any county; one that is behind is named and holds up no other
select
    'member_figures' as dataset,
    min(figures.starts_on) as starts_on,
    max(figures.as_of_on) as covered_until
from {{ ref('fct_member_figures') }} as figures
where figures.is_counted
having count(*) > 0
