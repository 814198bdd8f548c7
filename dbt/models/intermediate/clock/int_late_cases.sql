{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('accepted_on', 'case_key')) }}"
) }}

-- what was not settled by its due day, or is not settled yet: so that no stock at a date reads all cases.
-- When it is looked at stays out, so that only what happens to a case changes its row
select
    case_key,
    case_no,
    source_system,
    is_via_platform,
    item_code,
    item_name,
    case_type,
    venue,
    town_name,
    org_name,
    window_name,
    accepted_on,
    limit_basis,
    due_on,
    legal_due_on,
    settled_at,
    settled_on
from {{ ref('fct_cases') }}
where
    due_on is not null
    and not is_settled_undated
    and (settled_on is null or settled_on > due_on)
    {%- if is_incremental() %}
    and {{ is_touched('accepted_on', 'case_key') }}
    {%- endif %}
