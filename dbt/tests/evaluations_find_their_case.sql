{{ config(severity="warn") }}

-- The evaluation still counts. Its case was not exported, is late, or was quarantined.
-- What to do: see that the export of the case's source is complete, and that case_source names that source
select
    source_system,
    case_source,
    evaluated_on,
    substr(case_no, 1, 4) || '…' || substr(case_no, length(case_no) - 1, 2) as masked_case_no
from {{ ref('fct_orphan_evaluations') }}
order by evaluated_on, source_system, case_no
