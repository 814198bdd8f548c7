-- Electronic certificates by month, with some that were sent back, and some exported twice.
-- In:  certificate_months (half, month, certificates, types, start), types (type_no, name), months, days. Out: certificates.

create table certificates as
with stored as (
    select
        half, types, start + unnest(range(certificates)) as place, months.working
    from certificate_months inner join months using (month)
),
typed as (
    select
        *, 900000000 + place as id,
        -- Each type at least once a half-year; a few types make up most certificates.
        if(place - first_place < types, place - first_place, floor(types * pow(u(place, 111), 2.8)))::bigint as type_no,
        working[1 + pick(place, 112, len(working))] + to_seconds(31200 + pick(place, 113, 33000)) as stored_at
    from (select *, min(place) over (partition by half) as first_place from stored)
),
versions as (
    select *, '已入库' as status, 0 as copy from typed
    union all
    -- First sent back, stored later.
    select * replace (stored_at - to_seconds(600 + pick(place, 114, 3000)) as stored_at), '退回', 0
    from typed where pick(place, 115, 150) = 0
    union all
    select *, '已入库', 1 from typed where pick(place, 116, 110) = 0
    union all
    -- Sent back and never stored, among them every certificate of one type.
    select * replace (id + 50000000 as id, if(pick(place, 117, 9) = 0, $type_count - 1, type_no) as type_no), '退回', 0
    from typed where pick(place, 118, 45) = 0
)
select
    least(days.file_no + if(copy = 1, pick(place, 119, 2), 0), $last_file) as file_no,
    'YLZZ' || id as certificate_id,
    'YLZ' || lpad(type_no::varchar, 3, '0') as type_code, types.name as type_name, organisations.org_name as issuer_name,
    stored_at::date - pick(place, 120, 5) as issued_on, stored_at, status,
    if(status = '退回', (['要素缺失', '印章无效', '版式不符'])[1 + pick(place, 121, 3)], null) as error_note, stored_at as updated_at,
    name_of(pick(place, 122, $people)) as holder_name
from versions
inner join days on days.date_on = stored_at::date
inner join certificate_types as types using (type_no)
inner join organisations on organisations.org_no = 1 + type_no % $hall_organisations
order by 1, stored_at, certificate_id, status, copy;
