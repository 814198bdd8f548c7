select
    item_code,
    item_name,
    item_type,
    status,
    org_name,
    level,
    case_type,
    promised_limit,
    promised_unit,
    legal_limit,
    legal_unit,
    visits,
    is_online,
    effective_on,
    suspended_on,
    cancelled_on,
    -- in force from this day …
    effective_on as in_force_from_on,
    -- … until the day before this day; an item that has ended without a date never counts
    case
        when status = '在用' or suspended_on is not null or cancelled_on is not null
            then least(coalesce(suspended_on, cancelled_on), coalesce(cancelled_on, suspended_on))
        else effective_on
    end as in_force_until_on
from {{ ref('stg_items') }}
