{{ config(materialized="ephemeral") }}

-- no figure counts pending, declined, void and deleted cases, because the office did no work on them;
-- inquiries are no cases, unless their source says so
select
    case_key,
    case_type,
    item_code,
    promised_limit,
    promised_unit,
    legal_limit,
    legal_unit,
    status,
    cast(accepted_at as date) as accepted_on,
    accepted_at,
    due_at,
    due_kind,
    updated_at,
    finished_at,
    settled_at
from {{ ref('int_cases') }}
where
    accepted_at is not null
    and status not in ('pending', 'declined', 'void', 'deleted')
    and is_case
