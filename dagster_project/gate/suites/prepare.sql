-- What several suites compare: rows a day and a week, and shares of members in the last 28 days and before.
-- Only the last 420 days are read, so that the cost stays the same however long the history is.
create or replace temp table last_day as
select max(as_of_on) as day from marts.dim_periods;

create or replace temp table newest as
select max(covers_until) as covers_until, max(covers_until) + interval 1 day as ends_at
from quality.files where verdict = 'loaded';

create or replace temp table recent_cases as
select
    cases.accepted_on as date_on,
    cases.accepted_on > last_day.day - 28 as is_recent,
    cases.source_system,
    cases.channel,
    cases.case_type,
    cases.applicant_type,
    cases.org_name,
    case when cases.venue = 'township' then cases.town_name else '' end as town_name,
    cases.item_code,
    case
        when hour(cases.accepted_at) < 8 then '夜间' when hour(cases.accepted_at) < 12 then '上午'
        when hour(cases.accepted_at) < 18 then '下午' else '晚间'
    end as time_of_day,
    cases.is_limit_known,
    cases.is_settled_undated
from marts.fct_cases as cases, last_day
where cases.accepted_on > last_day.day - 420 and cases.accepted_on <= last_day.day;

create or replace temp table recent_evaluations as
select
    evaluations.evaluated_on as date_on,
    evaluations.evaluated_on > last_day.day - 28 as is_recent,
    evaluations.source_system,
    evaluations.channel,
    evaluations.level,
    evaluations.is_default,
    evaluations.case_key
from marts.fct_evaluations as evaluations, last_day
where
    evaluations.evaluated_on > last_day.day - 420
    and evaluations.evaluated_on <= last_day.day
    and evaluations.is_valid;

create or replace temp table recent_certificates as
select
    certificates.stored_on as date_on,
    certificates.stored_on > last_day.day - 28 as is_recent,
    certificates.type_name
from marts.fct_certificates as certificates, last_day
where
    certificates.stored_on > last_day.day - 420
    and certificates.stored_on <= last_day.day
    and certificates.is_accepted;

create or replace temp table days as
select '办件' as dataset, source_system as source, date_on, count(*) as row_count
from recent_cases group by all
union all
select '评价' as dataset, source_system as source, date_on, count(*) as row_count
from recent_evaluations group by all
union all
select '证照' as dataset, '全部' as source, date_on, count(*) as row_count
from recent_certificates group by all;

-- rows a working day in each whole week from Monday to Sunday, a week without rows counts with 0
create or replace temp table weeks as
with calendar as (
    select
        cast(date_trunc('week', dates.date_on) as date) as week_on,
        count(*) filter (dates.is_working_day) as working_days,
        max(dates.date_on) as ends_on
    from marts.dim_date as dates, last_day
    where dates.date_on > last_day.day - 420 and dates.date_on <= last_day.day
    group by all
    having count(*) = 7
),

sources as (
    select dataset, source, min(date_on) as first_on
    from days group by all
)

select
    sources.dataset,
    sources.source,
    calendar.week_on,
    coalesce(sum(days.row_count), 0) / calendar.working_days as rows_a_day
from sources
inner join calendar on calendar.week_on >= sources.first_on
left join days
    on sources.dataset = days.dataset
    and sources.source = days.source
    and cast(date_trunc('week', days.date_on) as date) = calendar.week_on
where calendar.working_days >= 3
group by sources.dataset, sources.source, calendar.week_on, calendar.working_days;

-- rows of each member of an attribute in the last 28 days and in the 392 days before them
create or replace temp table shares as
with cases as (
    select
        is_recent, source_system, channel, case_type, applicant_type, time_of_day,
        cast(isodow(date_on) as varchar) as weekday,
        count(*) as row_count
    from recent_cases group by all
),

evaluations as (
    select is_recent, source_system, channel, level, cast(is_default as varchar) as is_default, count(*) as row_count
    from recent_evaluations group by all
),

members as (
    select '办件' as dataset, '数据来源' as attribute, source_system as member, is_recent, row_count from cases
    union all
    select '办件' as dataset, '办理形式' as attribute, channel as member, is_recent, row_count from cases
    union all
    select '办件' as dataset, '办件类型' as attribute, case_type as member, is_recent, row_count from cases
    union all
    select '办件' as dataset, '申请人类型' as attribute, applicant_type as member, is_recent, row_count from cases
    union all
    select '办件' as dataset, '受理时段' as attribute, time_of_day as member, is_recent, row_count from cases
    union all
    select '办件' as dataset, '星期' as attribute, weekday as member, is_recent, row_count from cases
    union all
    select '评价' as dataset, '评价渠道' as attribute, channel as member, is_recent, row_count from evaluations
    union all
    select '评价' as dataset, '满意度' as attribute, level as member, is_recent, row_count from evaluations
    union all
    select '评价' as dataset, '是否默认评价' as attribute, is_default as member, is_recent, row_count from evaluations
    union all
    select '证照' as dataset, '证照类型' as attribute, type_name as member, is_recent, count(*) as row_count
    from recent_certificates group by all
)

select
    dataset,
    attribute,
    coalesce(member, '（空）') as member,
    coalesce(sum(row_count) filter (is_recent), 0) as recent,
    coalesce(sum(row_count) filter (not is_recent), 0) as earlier
from members
group by all;

-- rows of each organisation and town in blocks of 28 days, block 0 the newest, earlier blocks since the first row
create or replace temp table blocks as
with counted as (
    select '单位' as attribute, org_name as member, (last_day.day - date_on) // 28 as block, count(*) as row_count
    from recent_cases, last_day group by all
    union all
    select '乡镇（街道）' as attribute, town_name as member, (last_day.day - date_on) // 28 as block, count(*) as row_count
    from recent_cases, last_day where town_name <> '' group by all
),

spans as (
    select attribute, member, max(block) as first_block
    from counted where member is not null group by all
)

select
    spans.attribute,
    spans.member,
    spans.first_block,
    series.block,
    coalesce(counted.row_count, 0) as row_count
from spans
inner join range(15) as series (block) on series.block <= spans.first_block
left join counted
    on spans.attribute = counted.attribute and spans.member = counted.member and series.block = counted.block;
