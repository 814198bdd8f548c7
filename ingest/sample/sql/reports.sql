-- Which systems report a case, under which number, and which files hold its versions.
-- In:  cases, items, halves, days (with file_no). Out: reports, case_rows.

-- Choose as many cases for the comprehensive windows as the total of enrolled systems needs.
create table at_window as
with quotas as (
    select halves.half_no, finished_enrolled - count(cases.id) as hall_cases
    from halves left join cases on finished_half_no = halves.half_no and source = 'platform' and is_counted
    group by halves.half_no, finished_enrolled
)
select id, row_number() over (partition by finished_half_no order by h(id, 61), id) <= hall_cases as is_at_window
from cases inner join quotas on quotas.half_no = finished_half_no
where source = 'hall' and is_counted;

-- Numbers that the HR platform gave to other cases: it numbers its cases independently.
create table twins as
select hr.id, counters.id as twin_id, counters.accepted_label as twin_label
from (select id, row_number() over (order by h(id, 62), id) as place from cases
    where source = 'hr' and pick(id, 63, 40) = 0) as hr
inner join (select id, accepted_label, row_number() over (order by h(id, 64), id) as place from cases
    where source = 'counters' and pick(id, 65, 40) = 0) as counters using (place);

create table sourced as
select
    cases.* replace (
        if(source = 'hall' and not coalesce(is_at_window, pick(id, 61, 4) > 0), 'counters', source) as source),
    if(cases.source = 'hr' and twin_id is null, 'YLRS', 'YL') || coalesce(twin_label, accepted_label)
        || serial(coalesce(twin_id, id)) as case_no,
    case
        when not is_counted then null
        when fate = 'stale' or cases.source = 'platform' and fate <> 'undated' and pick(id, 66, 10) < 6 then 'township'
        when cases.source = 'hall' and coalesce(is_at_window, pick(id, 61, 4) > 0) and pick(id, 66, 25) = 0 then 'counters'
    end as second_source
from cases left join at_window using (id) left join twins using (id);
drop table cases;

create view case_rows as
with reports as (
    select source as reported_by, false as is_second, * from sourced
    union all
    select second_source, true, * from sourced where second_source is not null
),
known as (
    select
        * exclude (status, finished_at, updated_at, channel),
        -- The township centre records some finishes that the platform never receives.
        if(reported_by = 'platform' and fate = 'stale', 'in_progress', status) as status,
        if(reported_by = 'platform' and (fate = 'stale' or fate = 'normal' and second_source is not null
            and pick(id, 67, 14) = 0), null, finished_at) as finished_at,
        if(reported_by = 'platform' and fate = 'stale', accepted_at, updated_at) as updated_at,
        if(is_second and pick(id, 68, 8) = 0, 'counter', channel) as channel
    from reports
),
filed as (
    select known.*, came.file_no as first_file, changed.file_no as last_file
    from known
    inner join days as came on came.date_on = accepted_on
    inner join days as changed on changed.date_on = updated_at::date
),
versions as (
    select * exclude (first_file, last_file), last_file as file_no, 1 as copy from filed
    union all
    -- The case as it was when the file of its month was written.
    select * exclude (first_file, last_file) replace (
        if(accepted_at is null, 'pending', 'in_progress') as status, null as finished_at, null as closed_at,
        coalesce(accepted_at, applied_at) as updated_at), first_file, 0
    from filed where first_file < last_file
    union all
    -- Cases that were exported twice, in the same file or again in the next one.
    select * exclude (first_file, last_file), least(last_file + pick(id, 70, 2), $last_file), 2
    from filed where pick(id, 69, 1200) = 0
)
select
    reported_by, file_no, copy, case_no, id, item_no, org_no, town_no, case_type, channel, status, is_second,
    is_fully_online,
    is_item_forced or pick(id, 71, 300) > 0 or limit_days is null as has_item_code,
    applied_at, accepted_at, finished_at, closed_at, updated_at,
    if(limit_days is null or fate = 'normal' and limit_days = item_limit and pick(id, 72, 25) = 0 and has_item_code,
        null, limit_days) as promised_limit,
    if(promised_limit is null, null, limit_unit) as promised_unit,
    -- In some cases the platform counts calendar days, in others it forgets the holidays.
    due_on + case when fate = 'edge_due' then -2 when pick(id, 73, 12) = 0 then 1 + pick(id, 74, 3) else 0 end
        + interval '23:59:59' as due_at,
    pick(id, 75, $people) as person_no,
    fate, venue
from versions;

create table reports as
select
    id, source, case_no, venue, channel, org_no, town_no, finished_half_no, finished_at
from sourced
where source in ('platform', 'hall') and is_counted and finished_at is not null;
