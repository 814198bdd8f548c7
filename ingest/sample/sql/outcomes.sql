-- What became of each case: its due day by the working-day calendar, when it was finished, paused, withdrawn.
-- In:  accepted, days (date_on, day_no = working days so far, half), working (day_no -> date), halves. Out: cases.

create table cases as
with limited as (
    select
        accepted.*,
        case
            when fixed_limit is not null then fixed_limit
            when fate <> 'normal' then least(item_limit, 10)
            when pick(id, 40, 33) = 0 then item_limit + 2
            else item_limit
        end as limit_days,
        coalesce(fixed_unit, item_unit) as limit_unit,
        days.day_no as accepted_no,
        days.label as accepted_label
    from accepted inner join days on days.date_on = accepted_on
),
due as (
    select
        limited.*,
        case
            when case_type = 'immediate' then accepted_on
            when limit_unit = 'calendar_day' then accepted_on + limit_days
            else working.date_on
        end as due_on
    from limited left join working on working.day_no = accepted_no + limit_days
),
planned as (
    select
        due.*,
        left_open,
        due_days.day_no as due_no,
        due_days.next_half as overdue_half,
        u(id, 41) as draw,
        case
            when fate in ('late', 'edge_late', 'elsewhere') then
                late_from + floor((late_to - late_from + 1) * pow(u(id, 42), 0.8))::bigint
            when fate = 'edge_due' then last_no - 6
            when fate = 'paused_resumed' then last_no - pick(id, 42, 4)
            when fate = 'paused_closed' then accepted_no + 19 + pick(id, 42, 2)
            when fate = 'withdrawn_late' then due_no + 3 + pick(id, 42, 15)
            when due_on is null then accepted_no + 1 + pick(id, 42, 8)
            else accepted_no + least(due_no - accepted_no, 1 + floor((due_no - accepted_no) * pow(u(id, 43), 1.4)))::bigint
        end as settled_no,
        due_no + 1 + pick(id, 44, 5) as tardy_no,
        fate = 'normal' and is_counted and case_type <> 'immediate' and pick(id, 45, 1000) < if(via_platform, 15, 5) as is_tardy
    from due
    inner join halves using (half_no)
    left join days as due_days on due_days.date_on = due_on
),
settled as (
    select
        planned.*,
        case
            when fate in ('late', 'edge_late', 'elsewhere') and draw < left_open then null
            when case_type = 'immediate' then
                least(
                    accepted_on + to_seconds(accepted_second + 180 + pick(id, 46, 5400)),
                    accepted_on + interval '23:59:50')
            -- A late case of the platform is finished in the half-year in which it became overdue, as counted in sample.yaml.
            when is_tardy and tardy.half = overdue_half then tardy.date_on + to_seconds(31200 + pick(id, 47, 33000))
            -- The case is due on the day of acceptance, or on a day off.
            when due_on is not null and settled_no = accepted_no then due_on + to_seconds(79200 + pick(id, 47, 7000))
            else on_time.date_on + to_seconds(31200 + pick(id, 47, 33000))
        end as settled_at
    from planned
    left join working as on_time on on_time.day_no = settled_no
    left join working as tardy on tardy.day_no = tardy_no and is_tardy
),
ended as (
    select
        settled.*,
        accepted_on + to_seconds(accepted_second) as came_at,
        case
            when not is_counted then fate
            when fate in ('paused_open', 'paused_unrecorded') then 'paused'
            when fate = 'undated' then 'finished'
            when settled_at is null or settled_at >= $last_day::date + 1 then 'in_progress'
            when fate = 'withdrawn_late' or fate = 'normal' and case_type <> 'immediate' and pick(id, 48, 150) = 0
                then 'withdrawn'
            else 'finished'
        end as status
    from settled
)
select
    id, half_no, venue, town_no,
    case when venue = 'hall' then organisations.source when via_platform then 'platform' else 'township' end as source,
    via_platform, fate, is_counted, is_item_forced, item_no, org_no, case_type, channel,
    is_fully_online, accepted_on, accepted_no, accepted_label, due_on, limit_days, limit_unit, item_limit, status,
    came_at - to_seconds(if(is_online, 600 + pick(id, 51, 90000), 60 + pick(id, 51, 900))) as applied_at,
    -- Some systems write a time of acceptance although the case was never accepted.
    if(status in ('declined', 'pending') and pick(id, 54, 2) = 0, null, came_at) as accepted_at,
    if(status = 'finished' and fate <> 'undated', settled_at, null) as finished_at,
    (year(finished_at) - $first_year) * 2 + (month(finished_at) > 6)::integer as finished_half_no,
    case when status = 'withdrawn' then settled_at when status = 'declined' then
        least(came_at + interval '3 hours', $last_day::date + interval '23:59:59') end as closed_at,
    case
        when status = 'paused' then came_at + interval '40 minutes'
        when status in ('void', 'deleted') then least(settled_at, $last_day::date + interval '17 hours')
        when status = 'declined' then least(came_at + interval '3 hours', $last_day::date + interval '23:59:59')
        when status in ('in_progress', 'pending') then came_at
        else settled_at
    end as updated_at
from ended left join organisations using (org_no);
drop table accepted;
