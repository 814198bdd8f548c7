{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_touched(key='case_key')) }}"
) }}

-- Kept from build to build, so that a delta's check tells the same orphans as that of a full build.
select
    evaluations.evaluation_no,
    evaluations.source_system,
    evaluations.case_source,
    evaluations.case_key,
    evaluations.case_no,
    evaluations.evaluated_on
from {{ ref('fct_evaluations') }} as evaluations
where
    {{ is_to_build('evaluations.case_key') }}
    and evaluations.case_key not in (select reports.case_key from {{ ref('int_case_reports') }} as reports)
