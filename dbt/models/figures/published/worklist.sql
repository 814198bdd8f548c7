{{ config(materialized="view") }}

-- open cases whose clock runs, on the last covered day: overdue, or due within three working days
with covered as (
    select min(covered_until) as as_of_on from {{ ref('int_coverage') }}
),

-- the days on which a case must be due to be on the list
near_days as (
    select
        days.date_on as due_on,
        days.working_day_no - as_of_days.working_day_no as working_days_left,
        covered.as_of_on
    from {{ ref('dim_date') }} as days
    cross join covered
    inner join {{ ref('dim_date') }} as as_of_days on covered.as_of_on = as_of_days.date_on
    where days.working_day_no - as_of_days.working_day_no <= 3
),

-- A case settled in time, but after the last covered day, was still open on it, and due after that day. By
-- the condition on these days DuckDB skips the row groups of all older cases.
unsettled as (
    {% for relation in [ref('int_late_cases'), ref('fct_cases')] %}
    select
        cases.town_name,
        cases.org_name,
        cases.case_key,
        cases.case_no,
        cases.source_system,
        cases.item_name,
        cases.window_name,
        cases.is_overdue_counted,
        cases.accepted_on,
        cases.limit_basis,
        cases.due_on,
        cases.due_by_at,
        cases.overdue_from_on,
        covered.as_of_on
    from {{ relation }} as cases
    cross join covered
    where
        {{ predicate('open', 'cases.', as_of_on='covered.as_of_on') }}
        {% if not loop.first -%}
        and cases.settled_on <= cases.due_on
        and (cases.due_by_at is null or cases.settled_at <= cases.due_by_at)
        and cases.due_on in (
            select days.due_on
            from near_days as days
            where days.due_on > days.as_of_on
        )
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

open_cases as (
    select
        cases.as_of_on,
        coalesce(cases.town_name, cases.org_name) as unit_name,
        cases.case_key,
        cases.case_no,
        cases.source_system,
        cases.item_name,
        cases.org_name,
        cases.window_name,
        cases.is_overdue_counted,
        cases.accepted_on,
        cases.limit_basis,
        cases.due_on,
        cases.due_by_at,
        cases.overdue_from_on
    from unsettled as cases
    where
        cases.accepted_on <= cases.as_of_on
        and not {{ is_paused('cases.case_key', 'cases.as_of_on') }}
)

select
    open_cases.as_of_on,
    open_cases.unit_name,
    open_cases.case_key,
    open_cases.case_no,
    open_cases.source_system,
    open_cases.item_name,
    open_cases.org_name,
    open_cases.window_name,
    open_cases.is_overdue_counted,
    open_cases.accepted_on,
    open_cases.limit_basis,
    open_cases.due_on,
    open_cases.due_by_at,
    open_cases.overdue_from_on <= open_cases.as_of_on as is_overdue,
    greatest({{ days_between('open_cases.due_on', 'open_cases.as_of_on') }}, 0) as days_over,
    greatest(-near_days.working_days_left, 0) as working_days_over,
    greatest(near_days.working_days_left, 0) as working_days_left
from open_cases
inner join near_days on open_cases.due_on = near_days.due_on
