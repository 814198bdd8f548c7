-- Outside the calendar working days are unknown: no limit, no period and no average can be computed. `what`
-- is the sentence that people read.
with reach as (
    select
        min(days.date_on) as starts_on,
        max(days.date_on) as ends_on,
        not exists (
            select 1
            from {{ source('reference', 'office_minutes') }} as minutes
            where minutes.is_open
        ) as has_no_office_hours,
        cast(min(days.date_on) as {{ text_type() }}) as first_day,
        cast(max(days.date_on) as {{ text_type() }}) as last_day
    from {{ ref('dim_date') }} as days
),

cases as (
    select
        reach.first_day,
        reach.last_day,
        case
            when tested.accepted_on < reach.starts_on then 'before'
            when tested.accepted_on > reach.ends_on then 'after'
            when tested.limit_unit = 'office_hour' and reach.has_no_office_hours then 'office'
            else 'due'
        end as place,
        cast(count(*) as {{ text_type() }}) as case_count,
        cast(min(tested.accepted_on) as {{ text_type() }}) as first_accepted,
        cast(max(tested.accepted_on) as {{ text_type() }}) as last_accepted
    from {{ rows_to_test(ref('fct_cases'), 'accepted_on') }} as tested
    cross join reach
    where
        tested.accepted_on < reach.starts_on
        or tested.accepted_on > reach.ends_on
        -- the limit is known, but its last day lies after the calendar
        or (tested.limit_length is not null and tested.due_on is null)
    group by reach.first_day, reach.last_day, place
)

select
    case place
        when 'before'
            then
                case_count || '件办件的受理日在工作日历首日' || first_day || '之前，最早' || first_accepted
                || '：请改正日期，或在 holidays.csv 列出那些年份的节假日 · ' || case_count
                || ' cases were accepted before the calendar begins on ' || first_day || ', the first on '
                || first_accepted || ': correct their dates, or list holidays of those years in holidays.csv'
        when 'after'
            then
                case_count || '件办件的受理日在工作日历末日' || last_day || '之后，最晚' || last_accepted
                || '：请改正日期，或升级 chinesecalendar（境外：补全 holidays.csv） · ' || case_count
                || ' cases were accepted after the calendar ends on ' || last_day || ', the last on '
                || last_accepted
                || ': correct their dates, or update chinesecalendar (abroad: add the year to holidays.csv)'
        when 'office'
            then
                case_count || '件办件的时限以工作小时计，而 jurisdiction.yaml 没有 office_hours：请补上办公时间 · '
                || case_count || ' cases have a limit in office hours, but jurisdiction.yaml has no '
                || 'office_hours: add them'
        else
            case_count || '件办件的时限在工作日历末日' || last_day
            || '之后才届满：请核对时限，或升级 chinesecalendar（境外：补全 holidays.csv） · ' || case_count
            || ' cases have a limit that ends after the calendar, whose last day is ' || last_day
            || ': check their limits, or update chinesecalendar (abroad: add the year to holidays.csv)'
    end as what,
    case_count
from cases
union all
select
    '数据已到' || cast(coverage.covered_until as {{ text_type() }}) || '，工作日历只到' || reach.last_day
    || '：请升级 chinesecalendar（境外：补全 holidays.csv） · data reach '
    || cast(coverage.covered_until as {{ text_type() }})
    || ', the calendar ends on ' || reach.last_day
    || ': update chinesecalendar (abroad: add the year to holidays.csv)' as what,
    null as case_count
from {{ ref('int_coverage') }} as coverage
inner join reach on coverage.covered_until > reach.ends_on
