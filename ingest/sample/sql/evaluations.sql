-- 好差评: who rated a finished case of an enrolled system, when and how.
-- In:  reports (finished, counted, enrolled), halves, days. Out: evaluations.

create table ratings as
with placed as (
    select
        reports.*, half, half_no, evaluated_cases, second_ratings,
        ends_on + interval '23:59:59' as closes_at,
        row_number() over (partition by half order by finished_at > ends_on + interval '23:30:00', h(id, 91), id) as place
    from reports inner join halves on halves.half_no = finished_half_no
),
first_ones as (
    select
        *, '首次' as round, true as is_valid,
        finished_at + to_seconds(if(pick(id, 92, 100) < 85, 60 + pick(id, 93, 600), 3600 + pick(id, 93, 400000))) as wished_at,
        if(wished_at > closes_at, finished_at + to_seconds(60 + pick(id, 93, 300)), wished_at) as evaluated_at
    from placed where place <= evaluated_cases
),
second_ones as (
    select * replace ('追评' as round, least(evaluated_at + to_seconds(86400 + pick(id, 94, 700000)), closes_at) as evaluated_at)
    from first_ones
    qualify row_number() over (
        partition by half order by evaluated_at > closes_at - interval '12 days', h(id, 95), id
    ) <= second_ratings
),
-- Ratings given only in the next half-year, and ratings that were declared invalid.
late_ones as (
    select placed.*, '首次' as round, true as is_valid, null::timestamp as wished_at,
        placed.closes_at + to_seconds(30000 + pick(id, 96, 14 * 86400 - 40000)) as evaluated_at
    from placed inner join halves as next on next.half_no = placed.half_no + 1
    where place > placed.evaluated_cases and place <= placed.evaluated_cases + next.late_ratings
),
struck as (
    select placed.*, '首次' as round, false as is_valid, null::timestamp as wished_at,
        least(finished_at + to_seconds(7200 + pick(id, 97, 90000)), closes_at) as evaluated_at
    from placed where pick(id, 98, 90) = 0 and place > 3
),
together as (
    select *, 1 as kind from first_ones union all select *, 2 from second_ones
    union all select *, 3 from late_ones union all select *, 4 from struck
),
dated as (
    select
        together.* exclude (half, half_no, closes_at),
        halves.half, halves.online_ratings, halves.bad_given, halves.bad_unrectified, halves.ends_on
    from together
    inner join days on days.date_on = evaluated_at::date
    inner join halves on halves.half = days.half
)
select
    *,
    row_number() over (
        partition by half, is_valid order by -ln(u(id, 99) + 1e-12) / if(channel in ('web', 'mobile'), 20, 1), id, kind
    ) <= online_ratings as is_online,
    row_number() over (
        partition by half, is_valid order by evaluated_at > ends_on - 25, h(id, 100), id, kind
    ) as bad_place
from dated;

create table evaluations as
with levelled as (
    select
        *,
        is_valid and bad_place <= bad_given as is_bad,
        not is_bad and kind = 1 and pick(id, 101, 16) = 0 as is_default,
        case
            when is_bad then if(pick(id, 102, 4) = 0, '非常不满意', '不满意')
            when is_default or pick(id, 102, 1000) < 955 then '非常满意'
            when pick(id, 102, 1000) < 995 then '满意' else '基本满意'
        end as level,
        if(is_bad and bad_place > bad_unrectified, evaluated_at + to_seconds(86400 + pick(id, 103, 800000)), null) as rectified_at
    from ratings
),
versions as (
    select *, coalesce(rectified_at, evaluated_at) as updated_at from levelled
    union all
    select levelled.* replace (null as rectified_at), evaluated_at
    from levelled
    inner join days as rated on rated.date_on = evaluated_at::date
    inner join days as mended on mended.date_on = rectified_at::date
    where rated.file_no < mended.file_no
)
select
    days.file_no, 'YLPJ' || rated.label || serial(id) || kind as evaluation_no,
    case_no, source as case_source, org_no, town_no, id, level, round, evaluated_at, is_default, is_valid, rectified_at, updated_at,
    case when is_online then (['PC端', '移动端', '移动端', '短信'])[1 + pick(id, 104, 4)]
        -- The terminals in the hall are off at night.
        when hour(evaluated_at) not between 8 and 18 then '二维码'
        else (['二维码', '二维码', '大厅平板', '大厅平板', '大厅平板', '大厅平板', '大厅其他终端', '电话'])[1 + pick(id, 104, 8)] end as channel,
    if(is_bad, date_trunc('day', evaluated_at) + interval '15 days 17 hours', null) as rectify_due_at,
    rectified_at + interval '2 days' as revisited_at
from versions
inner join days on days.date_on = updated_at::date
inner join days as rated on rated.date_on = evaluated_at::date
order by days.file_no, updated_at, evaluation_no;
