-- A history of cases straight into `raw`, without files: as many rows a day as a busy county has, over as many days as
-- asked. $first and $last are rows counted from 0; row i lies on day i // $per_day. Hashes stand for chance: the same
-- rows each time. Rows lie in the order of delivery, a file a source and day.
create or replace temp table days as
with spread as (
    select
        i,
        i // $per_day as day_no,
        i % $per_day as place,
        (i % $per_day) / $per_day as part,
        hash(i) as h,
        date '$starts_on' + (i // $per_day)::integer as day
    from range($first, $last) as series (i)
),

sourced as (
    select
        *,
        case
            when part < 0.05 then 'platform' when part < 0.12 then 'township' when part < 0.42 then 'hall'
            when part < 0.92 then 'counters' else 'hr' end as source,
        day + to_seconds(28800 + (h % 32400)::bigint) as accepted,
        (h >> 8) % 2 = 0 as is_immediate
    from spread
)

select
    *,
    -- four townships' reports in ten are of a case that the platform reports too
    'YL' || strftime(day, '%Y%m%d') || lpad(cast(
        case when source = 'township' and place < 0.09 * $per_day then place - floor(0.05 * $per_day) else place end
        as integer)::varchar, 6, '0') as number,
    -- one in two hundred is never finished, and what ends after the last day is not yet
    case
        when (h >> 16) % 200 <> 0 then nullif(greatest(accepted + case when is_immediate then to_seconds(600)
            else to_days((1 + (h >> 24) % 25)::integer) end, accepted), null) end as finished
from sourced;

insert into raw.cases by name
select
    number as case_no, source as source_system, 'item' || (h % 1500) as item_code, '事项' || (h % 1500) as item_name,
    case when is_immediate then 'immediate' else 'promised' end as case_type,
    case when h % 10 < 7 then 'counter' when h % 10 < 9 then 'web' else 'mobile' end as channel,
    h % 3 = 0 as is_fully_online,
    case when source in ('platform', 'township') then '民生服务中心' || (h % 11) else '窗口' || (h % 50) end as org_name,
    case when source in ('platform', 'township') then 'township' else 'hall' end as venue,
    case when source in ('platform', 'township') then '乡镇' || (h % 11) end as town_name,
    '自然人' as applicant_type, accepted as accepted_at,
    case when source <> 'hr' and finished < timestamp '$ends_on' + interval 1 day then finished end as finished_at,
    case when is_immediate then null else (5 + h % 20)::integer end as promised_limit, 'working_day' as promised_unit,
    case when finished < timestamp '$ends_on' + interval 1 day then 'finished' else 'in_progress' end as status,
    accepted as updated_at, cast(md5(i::varchar) as uuid) as applicant_key,
    (1 + day_no * 10 + list_position(['platform', 'township', 'hall', 'counters', 'hr'], source))::integer as _file_id,
    place as _record, day as _exported_on, hash(number, source, finished) as _row_hash, 'loaded' as _state,
    $key_hash_of_cases as _key_hash
from days
order by i;

insert into raw.case_results by name
select
    number as case_no, source as source_system, finished as finished_at, '准予' as result, finished as updated_at,
    (7 + day_no * 10)::integer as _file_id, place as _record, day as _exported_on, hash(number, finished) as _row_hash,
    'loaded' as _state, $key_hash_of_case_results as _key_hash
from days
where source = 'hr' and finished < timestamp '$ends_on' + interval 1 day
order by i;

insert into raw.case_pauses by name
select
    number as case_no, source as source_system, '特别程序' as kind, accepted + interval 1 hour as started_at,
    case when h % 7 <> 0 then accepted + to_days(1 + (h % 9)::integer) end as ended_at, accepted as updated_at,
    (8 + day_no * 10)::integer as _file_id, place as _record, day as _exported_on, hash(number, source) as _row_hash,
    'loaded' as _state, $key_hash_of_case_pauses as _key_hash
from days
where source = 'platform' and h % 10 = 3
order by i;

insert into raw.evaluations by name
select
    'PJ' || number || source as evaluation_no, 'evaluation' as source_system, number as case_no, source as case_source,
    ['PC端', '移动端', '大厅平板', '短信'][1 + (h % 4)::integer] as channel,
    case when h % 1000 = 0 then '不满意' else '非常满意' end as level, '首次' as round,
    finished + interval 5 minute as evaluated_at, h % 5 = 0 as is_default, true as is_valid,
    finished as updated_at, (9 + day_no * 10)::integer as _file_id, place as _record, day as _exported_on,
    hash(number, source, 'PJ') as _row_hash, 'loaded' as _state, $key_hash_of_evaluations as _key_hash
from days
where source in ('platform', 'hall') and h % 4 <> 3 and finished < timestamp '$ends_on' + interval 1 day
order by i;

insert into raw.certificates by name
select
    'ZZ' || number as certificate_id, 'T' || (h % 45) as type_code, '证照' || (h % 45) as type_name,
    finished as stored_at, '已入库' as status, finished as updated_at, (10 + day_no * 10)::integer as _file_id,
    place as _record, day as _exported_on, hash(number, 'ZZ') as _row_hash, 'loaded' as _state,
    $key_hash_of_certificates as _key_hash
from days
where source = 'counters' and h % 4 = 1 and finished < timestamp '$ends_on' + interval 1 day
order by i;
