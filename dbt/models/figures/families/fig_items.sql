-- An item is covered if a counted case was accepted for it in the span.
-- Only items in force on the last day of the span count.
with first_uses as (
    select
        months.month_period,
        days.item_code,
        min(days.accepted_on) as first_used_on
    from {{ ref('int_item_days') }} as days
    inner join {{ ref('dim_date') }} as months on days.accepted_on = months.date_on
    -- the first span may begin within a month, with the first day of data
    where days.accepted_on >= (select min(spans.starts_on) from {{ ref('int_spans') }} as spans)
    group by months.month_period, days.item_code
),

-- every other span begins on the first of a month, so an item used in the span has the first use of some
-- month in it
used_items as (
    select distinct
        spans.starts_on,
        spans.as_of_on,
        first_uses.item_code
    from {{ ref('int_span_days') }} as spans
    inner join first_uses on spans.date_on = first_uses.first_used_on
)

select
    spans.starts_on,
    spans.as_of_on,
    'total' as dimension,
    'total' as member,
    count(*) as item_count,
    count(used_items.item_code) as covered_count
from {{ ref('int_spans') }} as spans
inner join {{ ref('dim_items') }} as items
    on {{ predicate('in_force', 'items.', as_of_on='spans.as_of_on') }}
left join used_items
    on spans.starts_on = used_items.starts_on
    and spans.as_of_on = used_items.as_of_on
    and items.item_code = used_items.item_code
group by spans.starts_on, spans.as_of_on
