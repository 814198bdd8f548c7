select
    {{ columns_of('cases', 'cases') }},
    cases._key_hash
from {{ ref('stg_cases') }} as cases
inner join {{ ref('dim_sources') }} as sources on cases.source_system = sources.source
where
    cases._file_id in (select files._file_id from {{ ref('int_touched_files') }} as files)
    and cases._key_hash in (select touched._key_hash from {{ ref('int_touched_keys') }} as touched)
    and {{ case_key('cases.source_system', 'cases.case_no', 'sources.case_no_scope') }}
    in (select touched.case_key from {{ ref('int_touched_keys') }} as touched)
