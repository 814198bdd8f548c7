with days as (
    select
        date_on,
        is_working_day,
        holiday_name,
        origin,
        cast(extract(year from date_on) as {{ text_type() }}) as year_words,
        cast(extract(month from date_on) as {{ text_type() }}) as month_words,
        cast(extract(quarter from date_on) as {{ text_type() }}) as quarter_words,
        case when extract(month from date_on) <= 6 then '1' else '2' end as half_words
    from {{ source('reference', 'calendar') }}
)

select
    date_on,
    is_working_day,
    -- a running count, so that working days between two dates are one subtraction
    cast(
        sum(case when is_working_day then 1 else 0 end) over (
            order by date_on rows unbounded preceding
        ) as integer
    ) as working_day_no,
    cast({{ weekday_no('date_on') }} as integer) as weekday_no,
    holiday_name,
    origin,
    year_words || '-' || lpad(month_words, 2, '0') as month_period,
    year_words || 'Q' || quarter_words as quarter_period,
    year_words || 'H' || half_words as half_period,
    year_words as year_period
from days
