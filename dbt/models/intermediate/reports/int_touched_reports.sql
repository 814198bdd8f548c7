-- a full build reads stg_cases itself and leaves this empty; the files that hold touched cases are found by
-- two narrow columns, and all others are then passed over whole
with files as (
    select distinct cases._file_id
    from {{ ref('stg_cases') }} as cases
    where cases._key_hash in (select touched._key_hash from {{ ref('int_touched_keys') }} as touched)
)

select
    cases.case_no,
    cases.source_system,
    cases.item_code,
    cases.item_name,
    cases.case_type,
    cases.channel,
    cases.is_fully_online,
    cases.org_name,
    cases.window_name,
    cases.venue,
    cases.region_code,
    cases.town_name,
    cases.village_name,
    cases.applicant_type,
    cases.applied_at,
    cases.accepted_at,
    cases.due_at,
    cases.finished_at,
    cases.closed_at,
    cases.promised_limit,
    cases.promised_unit,
    cases.legal_limit,
    cases.legal_unit,
    cases.status,
    cases.result,
    cases.updated_at,
    cases.applicant_key,
    cases._key_hash
from {{ ref('stg_cases') }} as cases
inner join {{ ref('dim_sources') }} as sources on cases.source_system = sources.source
where
    {{ 'true' if is_delta() else 'false' }}
    and cases._file_id in (select files._file_id from files)
    and cases._key_hash in (select touched._key_hash from {{ ref('int_touched_keys') }} as touched)
    and {{ case_key('cases.source_system', 'cases.case_no', 'sources.case_no_scope') }}
    in (select touched.case_key from {{ ref('int_touched_keys') }} as touched)
