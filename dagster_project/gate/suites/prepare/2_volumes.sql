-- Rows a day, and rows a working day in each week.
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

-- rows of the last 28 days beside the median of the blocks of 28 days before them
create or replace temp table monthly_volumes as
with blocks as (
    select days.dataset, days.source, (last_day.day - days.date_on) // 28 as block, sum(days.row_count) as row_count
    from days, last_day group by all
),

compared as (
    select
        dataset,
        source,
        coalesce(sum(row_count) filter (block = 0), 0) as found,
        median(row_count) filter (block between 1 and 12) as usual,
        count(*) filter (block between 1 and 12) as block_count
    from blocks group by all
)

select
    compared.dataset,
    coalesce(sources.name, compared.source) as source,
    compared.found,
    cast(round(compared.usual) as integer) as usual,
    compared.found / compared.usual as value
from compared
left join marts.dim_sources as sources on compared.source = sources.source
where compared.block_count >= 3 and compared.usual >= 100;
