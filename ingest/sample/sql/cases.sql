-- Every case with its item, channel and time of acceptance.
-- In:  cells (so many cases of one half-year, month, venue, town and fate), slots (org_no by weight), used, picks, months.
-- Out: accepted.

create table drawn as
with expanded as (
    select cells.*, start + unnest(range(cases)) as id from cells
),
sizes as (
    select half_no, org_no, count(*) as among from used group by all
),
ordinary as (
    select expanded.*, used.item_no
    from expanded
    left join slots on expanded.venue = 'hall' and slots.slot = pick(expanded.id, 22, $slot_count)
    inner join sizes on sizes.half_no = expanded.half_no and sizes.org_no = coalesce(slots.org_no, $township_org)
    -- Skewed: a few items make up most of an organisation's cases.
    inner join used
        on used.half_no = expanded.half_no and used.org_no = sizes.org_no
        and used.org_place = 1 + floor(sizes.among * pow(u(expanded.id, 23), 2.5))::bigint
),
-- Each item in use has at least one case. Special cases have items that fit their fate.
fixed as (
    select pool_start + place as id, used.item_no, true as is_item_forced
    from used
    inner join (select distinct half_no, venue, pool_start from cells) as pools using (half_no, venue)
    union all
    select expanded.id, picks.item_no, false
    from expanded
    inner join picks
        on picks.half_no = expanded.half_no and picks.venue = expanded.venue
        and picks.kind = case when not is_counted then 'idle' when fate = 'retired_item' then 'retired' else 'promised' end
        and picks.place = expanded.id % picks.among
    where fate <> 'normal' and (is_counted or pick(expanded.id, 21, 4) = 0)
)
select
    ordinary.* exclude (item_no, start, cases, pool_start)
        replace (if(is_counted or town_no is null, town_no, 1 + pick(ordinary.id, 24, $towns)) as town_no),
    coalesce(fixed.item_no, ordinary.item_no) as item_no,
    coalesce(is_item_forced, false) as is_item_forced
from ordinary
-- In a small sample the same case may be chosen twice.
left join (select id, min(item_no) as item_no, bool_or(is_item_forced) as is_item_forced from fixed group by id) as fixed
    using (id);

-- The online cases: those on the platform and with items that can be done online come first.
create table online_cases as
with ranked as (
    select
        half_no, id,
        -ln(u(id, 31) + 1e-12)
            / (if(via_platform, 6, 1) * if(items.is_online, 1, 0.03) * if(fate = 'boundary', 1e12, 1)) as distance
    from drawn inner join items using (item_no)
    where is_counted
)
select
    id,
    -- A permutation of the places gives exact counts: 1000003 and 15485863 are primes.
    if(place * 1000003 % online < mobile, 'mobile', 'web') as channel,
    place * 15485863 % online < fully_online as is_fully_online
from (
    select half_no, id, row_number() over (partition by half_no order by distance, id) - 1 as place
    from ranked where distance < 0.5  -- two cases in five, which leaves fewer to sort
) inner join halves using (half_no)
where place < online;

create table accepted as
with channelled as (
    select
        drawn.*, items.org_no, items.case_type, items.promised_limit as item_limit, items.promised_unit as item_unit,
        online_cases.id is not null as is_online,
        coalesce(online_cases.channel, case pick(drawn.id, 32, 150) when 0 then 'post' when 1 then 'other' else 'counter' end)
            as channel,
        coalesce(online_cases.is_fully_online, pick(drawn.id, 33, 400) = 0) as is_fully_online
    from drawn
    inner join items using (item_no)
    left join online_cases on online_cases.id = drawn.id
)
select
    channelled.* exclude (fixed_on, fixed_second),
    coalesce(fixed_on, case
        when fate = 'late' and months.is_last then months.working[1 + pick(id, 34, least(5, len(working)))]
        when is_online then months.every[1 + pick(id, 35, len(months.every))]
        else months.working[1 + pick(id, 36, len(months.working))] end) as accepted_on,
    coalesce(fixed_second, case
        when is_online then ([0, 7, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17, 18, 19, 20, 20, 21,
            21, 22, 22, 23])[1 + pick(id, 37, 30)] * 3600 + pick(id, 38, 3600)
        else ([17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22, 23, 23, 24, 25, 26, 27, 28, 28, 29, 29, 29, 30, 30,
            30, 31, 31, 32, 32, 33, 33, 34])[1 + pick(id, 37, 36)] * 1800 + pick(id, 38, 1800) end) as accepted_second
from channelled inner join months using (month);
drop table drawn;
drop table online_cases;
