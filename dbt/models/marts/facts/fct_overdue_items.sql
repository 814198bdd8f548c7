{{ config(materialized="view", post_hook="{{ create_overdue_on() }}") }}
-- the hook makes a macro that reads it, too. depends_on: {{ ref('fct_case_pauses') }}

with covered as (
    select min(covered_until) as covered_until from {{ ref('int_coverage') }}
),

-- a join and not a condition on each row: a reader without this column must not pay for it
paused as (
    select distinct pauses.case_key
    from {{ ref('int_case_pauses') }} as pauses
    inner join covered
        on pauses.started_on <= covered.covered_until
        and (pauses.ended_on is null or pauses.ended_on > covered.covered_until)
),

late as (
    select
        cases.case_key,
        cases.case_no,
        cases.source_system,
        cases.is_via_platform,
        cases.is_overdue_counted,
        cases.item_code,
        cases.item_name,
        cases.case_type,
        cases.venue,
        cases.town_name,
        cases.org_name,
        cases.window_name,
        cases.accepted_on,
        cases.limit_basis,
        cases.due_on,
        cases.due_by_at,
        cases.overdue_from_on,
        cases.legal_due_on,
        cases.settled_at,
        cases.settled_on,
        covered.covered_until,
        least(coalesce(cases.settled_on, covered.covered_until), covered.covered_until) as over_until_on
    from {{ ref('int_late_cases') }} as cases
    inner join covered on cases.overdue_from_on <= covered.covered_until
)

select
    late.case_key,
    late.case_no,
    late.source_system,
    late.is_via_platform,
    late.is_overdue_counted,
    late.item_code,
    late.item_name,
    late.case_type,
    late.venue,
    late.town_name,
    late.org_name,
    late.window_name,
    late.accepted_on,
    late.limit_basis,
    late.due_on,
    late.due_by_at,
    late.overdue_from_on,
    late.settled_at,
    late.settled_on,
    {{ days_between('late.due_on', 'late.over_until_on') }} as days_over,
    late.legal_due_on,
    case
        when late.legal_due_on is not null
            then greatest({{ days_between('late.legal_due_on', 'late.over_until_on') }}, 0)
    end as days_over_legal,
    {{ predicate('open', 'late.', as_of_on='late.covered_until') }} as is_open,
    paused.case_key is not null as is_paused
from late
left join paused on late.case_key = paused.case_key
