select
    services.served_on,
    coalesce(organisations.printed_name, services.org_name) as org_name,
    services.window_name,
    services.started_at,
    services.ended_at,
    services.case_no,
    coalesce(services.times, 1) as times
from {{ ref('stg_extended_service') }} as services
left join {{ ref('int_organisation_names') }} as organisations on services.org_name = organisations.name
