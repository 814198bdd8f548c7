{% set dimensions = {'town': 'town', 'org': 'org'} %}

-- the stock at the end of a span, from timestamps: what was settled later was still open then
with stock as (
    select
        spans.starts_on,
        spans.as_of_on,
        overdue.case_key,
        overdue.org_name as org,
        case
            when overdue.venue = 'township' then coalesce(overdue.town_name, '{{ var("unstated") }}')
        end as town
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('fct_overdue_items') }} as overdue
        on spans.as_of_on >= overdue.overdue_from_on
        and (overdue.settled_on is null or spans.as_of_on < overdue.settled_on)
    where
        overdue.is_via_platform
        and not {{ is_paused('overdue.case_key', 'spans.as_of_on') }}
),

counted as (
    select
        starts_on,
        as_of_on,
        {{ dimension_and_member(dimensions) }},
        count(*) as overdue_count
    from stock
    group by {{ by_each('starts_on, as_of_on', dimensions) }}
),

-- over the platform's cases of the same town; a town without overdue cases has a ratio of 0
compared as (
    select
        flows.starts_on,
        flows.as_of_on,
        flows.dimension,
        flows.member,
        coalesce(counted.overdue_count, 0) as overdue_count,
        flows.platform_count
    from {{ ref('int_accepted_totals') }} as flows
    left join counted
        on flows.starts_on = counted.starts_on
        and flows.as_of_on = counted.as_of_on
        and flows.dimension = counted.dimension
        and flows.member = counted.member
    where flows.dimension in ('total', 'town')
)

{{ figures_of('overdue_open', 'counted where member is not null') }}
union all
{{ figures_of('overdue_open_ratio', 'compared') }}
