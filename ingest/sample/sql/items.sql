-- The catalogue: every object with every action, ranked by popularity, and which items each half-year uses.
-- In:  objects (org_no, venue, is_slow, object_no, object), actions (action_no, action, item_type), groups (name -> count),
--      halves. Out: items, used (the items a half-year's counted cases name), picks (few items kept for special cases).

create table items as
with combined as (
    select
        *,
        row_number() over (partition by org_no order by h(object_no * 100 + action_no, org_no)) as org_rank
    from objects cross join actions
),
ranked as (
    select *, (row_number() over (partition by venue order by org_rank, org_no))::integer as use_no
    from combined
    qualify venue = 'township' or use_no <= $item_count
        - (select count(*) from combined where venue = 'township')
),
grouped as (
    select
        *,
        case
            when venue = 'township' or use_no < 401 then 'steady'
            when use_no < 401 + $retired_2022H1 then 'retired_2022H1'
            when use_no < 441 + $retired_2021 then if(use_no < 441, 'steady', 'retired_2021')
            when use_no between 500 and 499 + $added_2021H2 then 'added_2021H2'
            when use_no between 600 and 599 + $added_2022H1 then 'added_2022H1'
            when use_no between 700 and 699 + $added_later then 'added_later'
            else 'steady'
        end as fortune,
        use_no * 2 + (venue = 'hall')::integer as item_no,
        org_rank % 4 = 3 or is_slow and org_rank % 4 < 2 as is_promised
    from ranked
),
limited as (
    select
        *,
        case when is_promised and not (venue = 'hall' and use_no in (40, 66) or venue = 'township' and use_no = 15)
            then ([1, 2, 3, 3, 5, 5, 5, 7, 7, 10, 10, 15, 20])[1 + pick(item_no, 11, 13)] end as promised_limit,
        if(pick(item_no, 12, 15) = 0, 'calendar_day', 'working_day') as promised_unit
    from grouped
)
select
    item_no, org_no, venue, use_no, fortune, item_type, promised_limit,
    'YL640181' || lpad(org_no::varchar, 3, '0') || lpad(item_no::varchar, 6, '0') as item_code,
    object || '（' || action || '）' as item_name,
    case when not is_promised then if(pick(item_no, 13, 60) = 0, 'other', 'immediate') else 'promised' end as case_type,
    if(promised_limit is null, null, promised_unit) as promised_unit,
    promised_limit * (2 + pick(item_no, 14, 3)) as legal_limit,
    if(promised_limit is null, null, if(pick(item_no, 15, 2) = 0, 'working_day', 'calendar_day')) as legal_unit,
    pick(item_no, 16, 3) as visits,
    pick(item_no, 17, 10) < 7 as is_online,
    case fortune
        when 'added_2021H2' then date '2021-07-01' + pick(item_no, 18, 180)
        when 'added_2022H1' then date '2022-01-04' + pick(item_no, 18, 170)
        when 'added_later' then date '2022-07-01' + pick(item_no, 18, 10)
        else date '2018-01-01' + pick(item_no, 18, 1000)
    end as effective_on,
    case
        when fortune = 'retired_2021' then date '2021-08-15' + pick(item_no, 19, 110)
        when fortune = 'retired_2022H1' then date '2022-02-01' + pick(item_no, 19, 140)
        -- Still in force on June 30: the status of today must not change a past period.
        when venue = 'hall' and use_no = 20 then date '2022-07-10'
    end as retired_on,
    use_no % 2 = 0 as is_suspended
from limited;

create table used as
select
    halves.half_no, items.venue, items.org_no, items.item_no, items.case_type, items.promised_unit,
    row_number() over (partition by halves.half_no, items.org_no order by use_no) as org_place,
    row_number() over (partition by halves.half_no, items.venue order by use_no) - 1 as place
from items cross join halves
where fortune = 'steady' and (
    items.venue = 'township' and use_no <= halves.township_items
    or items.venue = 'hall' and (
        use_no <= halves.hall_items - 12
        -- A few items exist in some half-years only.
        or use_no between 339 + 12 * halves.half_no and 350 + 12 * halves.half_no));

create table picks as
select half_no, venue, 'promised' as kind, item_no,
    row_number() over (partition by half_no, venue order by place) - 1 as place,
    count(*) over (partition by half_no, venue) as among
from used where case_type = 'promised' and promised_unit = 'working_day'
union all
select half_no, 'hall', 'retired', item_no,
    row_number() over (partition by half_no order by item_no) - 1, count(*) over (partition by half_no)
from items
inner join (values ('2021H2', 'retired_2021'), ('2022H1', 'retired_2022H1')) as retired (half, fortune) using (fortune)
inner join halves using (half)
where use_no % 3 = 0
union all
-- Items that occur only in void and declined cases.
select half_no, 'hall', 'idle', item_no, use_no - 391, 5 from items cross join halves
where items.venue = 'hall' and use_no between 391 and 395;
