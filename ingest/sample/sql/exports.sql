-- The rows of the systems' files, in canonical columns. export_files.py turns them into headers and labels.
-- In: case_rows, case_pauses, evaluations, certificates, items, organisations, towns, people. Out: views out_<dataset>.

create view out_cases as
select
    rows.reported_by, rows.file_no, coalesce(accepted_at, applied_at) as placed_at, id * 4 + copy as place,
    rows.case_no,
    if(has_item_code, items.item_code, null) as item_code,
    items.item_name,
    rows.case_type, rows.channel, rows.is_fully_online,
    if(rows.venue = 'township', towns.centre, organisations.org_name) as org_name,
    if(rows.venue = 'hall', organisations.printed_name || (1 + pick(id, 201, 6)) || '号', null) as window_name,
    case when rows.venue = 'township' and pick(id, 202, 5) < 2 then '村社区' else rows.venue end as venue,
    towns.region_code,
    towns.region_name as town_name,
    if(rows.venue = 'township' and pick(id, 202, 5) < 2, '样例' || 'ABCDEFGH'[1 + pick(id, 203, 8)] || '村', null) as village_name,
    people.applicant_type,
    rows.applied_at, rows.accepted_at, rows.due_at, rows.finished_at, rows.closed_at,
    rows.promised_limit, rows.promised_unit, items.legal_limit, items.legal_unit,
    rows.status,
    case rows.status when 'finished' then '准予' when 'declined' then '不予受理' when 'withdrawn' then '申请人撤回' end as result,
    rows.updated_at,
    people.name as applicant_name, people.number as applicant_key, people.phone
from case_rows as rows
inner join items using (item_no)
inner join people using (person_no)
left join organisations on organisations.org_no = rows.org_no
left join towns on towns.town_no = rows.town_no;

create view out_case_pauses as select *, rowid as placed_at, 0 as place from case_pauses;

create view out_evaluations as
select
    rows.* exclude (org_no, town_no), rows.rowid as placed_at, 0 as place,
    coalesce(towns.centre, organisations.org_name) as org_name,
    if(towns.centre is null, organisations.printed_name || (1 + pick(id, 201, 6)) || '号', null) as window_name,
    towns.region_name as town_name,
    name_of(pick(id, 204, $people)) as evaluator_name,
    '100' || lpad(pick(id, 205, 99999999)::varchar, 8, '0') as evaluator_phone,
    if(level in ('不满意', '非常不满意'), '样例意见', null) as comment
from evaluations as rows
left join organisations on organisations.org_no = rows.org_no
left join towns on towns.town_no = rows.town_no;

create view out_certificates as select *, rowid as placed_at, 0 as place from certificates;

create macro items_on(day) as table
select
    item_no as place, item_code, item_name, item_type,
    case when retired_on is null or retired_on > day then '在用' when is_suspended then '暂停' else '取消' end as status,
    coalesce(org_name, '灵武市各乡镇人民政府、街道办事处') as org_name,
    if(items.venue = 'township', '乡镇（街道）', '县级') as level,
    case_type, promised_limit, promised_unit, legal_limit, legal_unit, visits, is_online, effective_on,
    if(is_suspended and retired_on <= day, retired_on, null) as suspended_on,
    if(not is_suspended and retired_on <= day, retired_on, null) as cancelled_on
from items left join organisations using (org_no)
where effective_on <= day;
