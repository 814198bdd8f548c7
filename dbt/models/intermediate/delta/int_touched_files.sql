-- Reads two narrow columns of a long history. It is a table because DuckDB must know how few files these are:
-- int_touched_reports then skips the row groups of all others, in a sixth of the time.
select distinct _file_id
from {{ ref('stg_cases') }}
where _key_hash in (select touched._key_hash from {{ ref('int_touched_keys') }} as touched)
