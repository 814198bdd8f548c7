{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched('accepted_on', 'case_key')) }}"
) }}

-- Cases that were not settled by their due day or moment, or are not settled yet. A stock at a date reads
-- only these and not all cases.
-- No column depends on today's date, so a row changes only when its case does.
select
    case_key,
    case_no,
    source_system,
    is_via_platform,
    is_overdue_counted,
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
    due_by_at,
    overdue_from_on,
    legal_due_on,
    settled_at,
    settled_on
from {{ ref('fct_cases') }}
where
    due_on is not null
    and not is_settled_undated
    and (settled_on is null or settled_on > due_on or settled_at > due_by_at)
    {%- if is_incremental() %}
    and {{ is_touched('accepted_on', 'case_key') }}
    {%- endif %}
