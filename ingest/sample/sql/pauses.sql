-- The platform's pauses: ordinary ones without effect, corrections before acceptance, and those that keep a case from being
-- overdue. In: sourced, days. Out: case_pauses.

create table case_pauses as
with paused as (
    select
        case_no, id, fate, accepted_at, finished_at, status,
        case
            when fate in ('paused_open', 'paused_resumed', 'paused_closed') then '特别程序'
            when pick(id, 81, 100) < 2 then '补正告知'
            else (['特别程序', '转报', '普通挂起'])[1 + pick(id, 82, 3)]
        end as kind,
        epoch(finished_at) - epoch(accepted_at) as took
    from sourced
    where source = 'platform' and is_counted and (
        fate in ('paused_open', 'paused_resumed', 'paused_closed')
        or fate = 'normal' and case_type <> 'immediate' and status = 'finished' and finished_at is not null
        and pick(id, 81, 100) < 7)
),
timed as (
    select
        *,
        case
            when fate in ('paused_open', 'paused_resumed') then accepted_at + interval '40 minutes'
            when fate = 'paused_closed' then timestamp '2022-06-08 10:00:00'
            when kind = '补正告知' then accepted_at - to_seconds(7200 + pick(id, 83, 90000))
            else accepted_at + to_seconds(floor(took * 0.3)::bigint)
        end as started_at,
        case
            when fate = 'paused_open' then null
            when fate = 'paused_resumed' then timestamp '2022-07-06 09:30:00'
            when fate = 'paused_closed' then timestamp '2022-06-27 15:00:00'
            when kind = '补正告知' then accepted_at - to_seconds(300 + pick(id, 84, 3600))
            else accepted_at + to_seconds(floor(took * 0.8)::bigint)
        end as ended_at
    from paused
),
versions as (
    select *, coalesce(ended_at, started_at) as updated_at from timed
    union all
    -- Still open when its month was exported.
    select timed.* replace (null as ended_at), started_at
    from timed
    inner join days as began on began.date_on = started_at::date
    inner join days as ended on ended.date_on = ended_at::date
    where began.file_no < ended.file_no
)
select
    days.file_no, case_no, kind, started_at, ended_at, updated_at,
    case kind when '补正告知' then '材料不齐' when '特别程序' then '现场勘验' when '转报' then '报上级核准' else '申请人要求' end as reason
from versions inner join days on days.date_on = updated_at::date
order by file_no, updated_at, case_no, started_at;
