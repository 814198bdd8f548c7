select
    entries.recorded_on,
    entries.rule,
    coalesce(organisations.printed_name, entries.org_name) as org_name,
    entries.finding,
    entries.rectified_on
from {{ ref('stg_duty_ledger') }} as entries
left join {{ ref('int_organisation_names') }} as organisations on entries.org_name = organisations.name
