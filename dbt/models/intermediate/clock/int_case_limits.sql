{{ config(materialized="ephemeral") }}
{% set longest = 500000 %}

-- Immediate cases are due the same day. Other cases have the due moment that the platform states, else the
-- case's own limit, else its item's limit, else the due day that the platform states, else no known limit.
-- A limit longer than {{ longest }} days or hours never runs out; a slip of eight digits would overflow.
with described as (
    select
        cases.case_key,
        cases.accepted_on,
        cases.accepted_at,
        cases.due_at,
        coalesce(cases.due_kind = 'moment', false) as is_due_moment,
        cases.finished_at,
        coalesce(cases.case_type, items.case_type, 'other') as case_type,
        cases.promised_limit >= 0 and cases.promised_unit is not null as has_own_limit,
        items.promised_limit >= 0 and items.promised_unit is not null as has_item_limit,
        cases.promised_limit,
        cases.promised_unit,
        items.promised_limit as item_limit,
        items.promised_unit as item_unit,
        cases.legal_limit >= 0 and cases.legal_unit is not null as has_own_legal_limit,
        items.legal_limit >= 0 and items.legal_unit is not null as has_item_legal_limit,
        cases.legal_limit,
        cases.legal_unit,
        items.legal_limit as item_legal_limit,
        items.legal_unit as item_legal_unit
    from {{ ref('int_counted_cases') }} as cases
    left join {{ ref('stg_items') }} as items on cases.item_code = items.item_code
),

chosen as (
    select
        case_key,
        case_type,
        accepted_on,
        accepted_at,
        due_at,
        is_due_moment,
        finished_at,
        promised_limit,
        promised_unit,
        item_limit,
        item_unit,
        case
            when case_type = 'immediate' then 'immediate'
            when is_due_moment and due_at is not null then 'platform'
            when has_own_limit then 'case'
            when has_item_limit then 'item'
            when due_at is not null then 'platform'
            else 'none'
        end as limit_basis,
        case
            when has_own_legal_limit then least(legal_limit, {{ longest }})
            when has_item_legal_limit then least(item_legal_limit, {{ longest }})
        end as legal_length,
        case when has_own_legal_limit then legal_unit when has_item_legal_limit then item_legal_unit end
            as legal_unit
    from described
)

select
    case_key,
    case_type,
    accepted_on,
    accepted_at,
    cast(due_at as date) as platform_due_on,
    case when is_due_moment then due_at end as platform_due_at,
    cast(finished_at as date) as finished_on,
    finished_at,
    limit_basis,
    case limit_basis
        when 'immediate' then 0
        when 'case' then least(promised_limit, {{ longest }})
        when 'item' then least(item_limit, {{ longest }})
    end as limit_length,
    case limit_basis
        when 'immediate' then 'working_day'
        when 'case' then promised_unit
        when 'item' then item_unit
    end as limit_unit,
    legal_length,
    legal_unit
from chosen
