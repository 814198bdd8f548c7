{{ config(materialized="view") }}

select
    case_key,
    pause_no,
    started_at,
    ended_at,
    started_on,
    ended_on,
    is_assumed
from {{ ref('int_case_pauses') }}
