-- of every file: read = loaded + superseded + duplicate + quarantined
select
    path,
    rows_read,
    rows_loaded,
    rows_superseded,
    rows_duplicate,
    rows_quarantined
from {{ source('quality', 'files') }}
where rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined
