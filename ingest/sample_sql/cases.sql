-- Who came when, with what: every case's item, channel and moment of acceptance.
-- In:  cells (so many cases of one half-year, month, venue, town and fate), slots (org_no by weight), used, picks, months.
-- Out: accepted.

create table drawn as
with expanded as (
    select cells.*, start + unnest(range(cases)) as id
    from cells
),
sizes as (
    select half, org_no, count(*) as among from used group by all
)
select
    expanded.id, expanded.half, expanded.month, expanded.venue, expanded.town_no, expanded.via_platform, expanded.fate,
    expanded.is_counted, expanded.fixed_on, expanded.fixed_second, expanded.fixed_limit, expanded.fixed_unit,
    expanded.fate = 'normal' and forced.item_no is not null as is_item_forced,
    case when not is_counted and pick(expanded.id, 21, 4) = 0 then coalesce(special.item_no, used.item_no)
        when is_counted and fate <> 'normal' then special.item_no
        else coalesce(forced.item_no, used.item_no) end as item_no
from expanded
left join slots on expanded.venue = 'hall' and slots.slot = pick(expanded.id, 22, $slot_count)
left join sizes on sizes.half = expanded.half and sizes.org_no = coalesce(slots.org_no, $township_org)
-- skewed: a few items make up most of an organisation's cases
left join used
    on used.half = expanded.half and used.org_no = sizes.org_no
    and used.org_place = 1 + floor(sizes.among * pow(u(expanded.id, 23), 2.5))::bigint
-- each item in use has at least one case
left join used as forced
    on expanded.fate = 'normal' and forced.half = expanded.half and forced.venue = expanded.venue
    and forced.place = expanded.id - expanded.pool_start
left join picks as special
    on (expanded.fate <> 'normal') and special.half = expanded.half and special.venue = expanded.venue
    and special.kind = case when not is_counted then 'idle' when fate = 'retired_item' then 'retired' else 'promised' end
    and special.place = expanded.id % special.among;

create table accepted as
with ranked as (
    select
        drawn.*, items.org_no, items.case_type, items.promised_limit as item_limit, items.promised_unit as item_unit,
        -- those on the platform and with items that can be done online come first among the online cases
        row_number() over (
            partition by drawn.half, is_counted
            order by
                -ln(u(id, 31) + 1e-12) / (
                    if(via_platform, 6, 1) * if(items.is_online, 1, 0.03) * if(fate = 'boundary', 1e12, 1)), id
        ) - 1 as place
    from drawn inner join items using (item_no)
),
channelled as (
    select
        ranked.*,
        is_counted and place < online as is_online,
        -- a permutation of the places gives exact counts: 1000003 and 15485863 are primes
        case
            when is_counted and place < online and place * 1000003 % online < mobile then 'mobile'
            when is_counted and place < online then 'web'
            when pick(id, 32, 150) = 0 then 'post'
            when pick(id, 32, 150) = 1 then 'other'
            else 'counter'
        end as channel,
        case when is_counted and place < online then place * 15485863 % online < fully_online
            else pick(id, 33, 400) = 0 end as is_fully_online
    from ranked inner join halves using (half)
)
select
    channelled.* exclude (place, fixed_on, fixed_second),
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
