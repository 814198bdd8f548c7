-- a share above max_orphan_share of jurisdiction.yaml says that exports of cases are missing; if it sets no
-- share, nothing is blocked
with counts as (
    select
        (select count(*) from {{ ref('fct_orphan_evaluations') }}) as orphan_count,
        (select count(*) from {{ ref('fct_evaluations') }}) as evaluation_count,
        (select max(max_orphan_share) from {{ source('reference', 'jurisdiction') }}) as max_orphan_share
)

select
    orphan_count,
    evaluation_count,
    max_orphan_share
from counts
where orphan_count > max_orphan_share * evaluation_count
