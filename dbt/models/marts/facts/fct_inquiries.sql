{{ config(materialized="view") }}

-- requests of the type inquiry, whether or not their source counts them as cases too; of several reports of
-- one inquiry the source of highest precedence gives the row
with reports as (
    select
        {{ case_key('cases.source_system', 'cases.case_no', 'sources.case_no_scope') }} as inquiry_key,
        cases.case_no as inquiry_no,
        cases.source_system,
        cases.channel,
        cases.venue,
        cases.town_name,
        cases.org_name,
        cases.item_name,
        cast(cases.accepted_at as date) as accepted_on,
        cast(cases.finished_at as date) as finished_on,
        cases.status,
        sources.is_inquiry_counted,
        row_number() over (
            partition by {{ case_key('cases.source_system', 'cases.case_no', 'sources.case_no_scope') }}
            order by sources.precedence, cases.source_system
        ) as report_no
    from {{ ref('stg_cases') }} as cases
    inner join {{ ref('dim_sources') }} as sources on cases.source_system = sources.source
    where
        cases.request_type = 'inquiry'
        and cases.accepted_at is not null
        and cases.status not in ('pending', 'declined', 'void', 'deleted')
)

select
    reports.inquiry_key,
    reports.inquiry_no,
    reports.source_system,
    reports.channel,
    reports.venue,
    case
        when reports.venue = 'township'
            then coalesce(towns.printed_name, reports.town_name, organisations.town_name)
    end as town_name,
    coalesce(organisations.printed_name, reports.org_name) as org_name,
    reports.item_name,
    reports.accepted_on,
    reports.finished_on,
    reports.status,
    reports.is_inquiry_counted as is_case
from reports
left join {{ ref('int_organisation_names') }} as organisations on reports.org_name = organisations.name
left join {{ ref('int_town_names') }} as towns on reports.town_name = towns.name
where reports.report_no = 1
