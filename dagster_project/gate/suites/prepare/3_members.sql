-- Members of attributes, recent and before.
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

-- how far the shares of an attribute's members have moved (population stability index), and the member that moved most
create or replace temp table profiles as
with smoothed as (
    select
        dataset, attribute, member,
        recent + earlier as row_count,
        sum(recent) over whole as recents,
        sum(earlier) over whole as earliers,
        greatest(recent / sum(recent) over whole, 0.0005) as p,
        greatest(earlier / sum(earlier) over whole, 0.0005) as q
    from shares
    window whole as (partition by dataset, attribute)
),

moved as (
    select
        dataset, attribute,
        sum((p - q) * ln(p / q)) as value,
        max_by(member, abs((p - q) * ln(p / q))) as member,
        max_by(row_count, abs((p - q) * ln(p / q))) as row_count,
        max_by(p, abs((p - q) * ln(p / q))) as found,
        max_by(q, abs((p - q) * ln(p / q))) as usual
    from smoothed
    where recents >= 200 and earliers >= 500
    group by all
)

select
    dataset, attribute, value, found, usual,
    -- all others are codes
    case when attribute = '证照类型' then shown_member(member, row_count) else member end as member
from moved;

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
    spans.attribute, spans.member, spans.first_block, series.block,
    coalesce(counted.row_count, 0) as row_count
from spans
inner join range(15) as series (block) on series.block <= spans.first_block
left join counted
    on spans.attribute = counted.attribute and spans.member = counted.member and series.block = counted.block;
