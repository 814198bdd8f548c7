{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('accepted_on', 'case_key')) }}"
) }}

select
    cases.case_key,
    cases.case_no,
    cases.source_system,
    cases.report_count,
    cases.is_via_platform,
    cases.is_overdue_counted,
    cases.is_enrolled,
    cases.item_code,
    cases.item_name,
    cases.request_type,
    clock.case_type,
    cases.channel,
    cases.channel in ('web', 'mobile') and coalesce(cases.is_fully_online, false) as is_fully_online,
    cases.venue,
    case
        when cases.venue = 'township'
            then coalesce(
                towns.printed_name, region_towns.printed_name, cases.town_name, organisations.town_name
            )
    end as town_name,
    cases.village_name,
    coalesce(organisations.printed_name, cases.org_name) as org_name,
    cases.window_name,
    cases.applicant_type,
    cases.applicant_key,
    cases.applied_at,
    cases.accepted_at,
    cast(cases.accepted_at as date) as accepted_on,
    cases.finished_at,
    cast(cases.finished_at as date) as finished_on,
    cases.closed_at,
    cases.settled_at,
    cast(cases.settled_at as date) as settled_on,
    cases.status,
    cases.status in ('finished', 'withdrawn') and cases.settled_at is null as is_settled_undated,
    cases.result,
    cases.due_at,
    clock.limit_basis,
    clock.limit_length,
    clock.limit_unit,
    clock.due_on,
    clock.due_by_at,
    clock.overdue_from_on,
    cases.legal_limit,
    cases.legal_unit,
    clock.legal_due_on,
    clock.is_limit_known,
    clock.is_due_disagreeing,
    clock.paused_working_days,
    clock.is_pause_assumed,
    clock.counted_working_days,
    clock.is_on_time,
    clock.is_early,
    evaluated.evaluated_on,
    evaluated.actively_evaluated_on
from {{ ref('int_cases') }} as cases
inner join {{ ref('int_case_clock') }} as clock on cases.case_key = clock.case_key
left join {{ ref('int_organisation_names') }} as organisations on cases.org_name = organisations.name
left join {{ ref('int_town_names') }} as towns on cases.town_name = towns.name
-- a village's code begins with its town's nine digits
left join {{ ref('int_town_names') }} as region_towns on substr(cases.region_code, 1, 9) = region_towns.name
left join {{ ref('int_evaluated_cases') }} as evaluated on cases.case_key = evaluated.case_key
