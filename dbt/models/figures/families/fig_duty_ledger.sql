-- Counts the organisations that must keep a ledger and made an entry in the span: of any rule, and of each
-- rule. If no organisation made an entry, the count is 0 and not missing.
with kept as (
    select distinct
        spans.starts_on,
        spans.as_of_on,
        entries.rule,
        entries.org_name
    from {{ ref('int_span_days') }} as spans
    inner join {{ ref('fct_duty_ledger') }} as entries
        on spans.date_on = entries.recorded_on
),

bound as (
    select distinct printed_name as org_name
    from {{ ref('dim_organisations') }}
    where keeps_ledger
),

rules as (
    select
        dimension,
        member
    from {{ ref('dimension_members') }}
    where is_listed and dimension in ('total', 'rule')
)

select
    spans.starts_on,
    spans.as_of_on,
    rules.dimension,
    rules.member,
    count(distinct kept.org_name) as kept_count,
    count(distinct bound.org_name) as bound_count
from {{ ref('int_spans') }} as spans
cross join rules
cross join bound
left join kept
    on spans.starts_on = kept.starts_on
    and spans.as_of_on = kept.as_of_on
    and bound.org_name = kept.org_name
    and (rules.dimension = 'total' or rules.member = kept.rule)
group by spans.starts_on, spans.as_of_on, rules.dimension, rules.member
