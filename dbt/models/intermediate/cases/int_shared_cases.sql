{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched(key='case_key')) }}"
) }}

-- Only cases with several reports are merged. Counting hashes finds the numbers that occur once, in a
-- fraction of the memory that the numbers would take. Two numbers may share a hash, so the last step
-- compares numbers.
with repeated as (
    select _key_hash
    from {{ reports_to_build() }}
    group by _key_hash
    having count(*) > 1
)

select
    case_key,
    min(precedence) as governing_precedence,
    count(*) as report_count,
    {{ any_true('is_platform') }} as is_via_platform,
    {{ any_true('is_overdue_counted') }} as is_overdue_counted,
    {{ any_true('is_enrolled') }} as is_enrolled,
    {{ any_true("status = 'withdrawn'") }} as is_withdrawn,
    min(accepted_at) as accepted_at,
    min(due_at) as due_at,
    min(case when due_at is not null then due_kind end) as due_kind,
    min(finished_at) as finished_at,
    min(closed_at) as closed_at
from {{ ref('int_case_reports') }}
where _key_hash in (select repeated._key_hash from repeated)
group by case_key
having count(*) > 1
