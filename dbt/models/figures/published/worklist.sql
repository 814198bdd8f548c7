{{ config(materialized="view") }}

-- open cases whose clock runs, on the last covered day: overdue, or due within three working days
with covered as (
    select min(covered_until) as as_of_on from {{ ref('int_coverage') }}
),

-- a case settled in time, but after the last covered day, was still open on it
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
        cases.accepted_on,
        cases.limit_basis,
        cases.due_on,
        covered.as_of_on
    from {{ relation }} as cases
    cross join covered
    where
        {{ 'cases.settled_on <= cases.due_on and' if not loop.first }}
        {{ predicate('open', 'cases.', as_of_on='covered.as_of_on') }}
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
        cases.accepted_on,
        cases.limit_basis,
        cases.due_on
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
    open_cases.accepted_on,
    open_cases.limit_basis,
    open_cases.due_on,
    open_cases.due_on < open_cases.as_of_on as is_overdue,
    greatest({{ days_between('open_cases.due_on', 'open_cases.as_of_on') }}, 0) as days_over,
    greatest(due_days.working_day_no - as_of_days.working_day_no, 0) as working_days_left
from open_cases
inner join {{ ref('dim_date') }} as as_of_days on open_cases.as_of_on = as_of_days.date_on
inner join {{ ref('dim_date') }} as due_days on open_cases.due_on = due_days.date_on
where due_days.working_day_no - as_of_days.working_day_no <= 3
