select
    org_name,
    printed_name,
    venue,
    town_name,
    keeps_ledger
from {{ source('reference', 'organisations') }}
