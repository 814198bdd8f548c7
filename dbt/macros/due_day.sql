{#- The day by which a case is due: acceptance plus the allowed days (the limit and the pauses within it), in the unit of
    the limit. `last_day` is the working day with the number of the last allowed day. With 0 days allowed, the due day is
    the day of acceptance. -#}
{% macro due_day(accepted_on, unit, working_days, calendar_days, last_day) -%}
    case
        when {{ unit }} = 'calendar_day' then {{ days_after(accepted_on, calendar_days) }}
        when {{ working_days }} = 0 then {{ accepted_on }}
        else {{ last_day }}
    end
{%- endmacro %}

{#- What pauses take off the clock: 0 for a case that was never paused (`paused` is the alias of its row in
    int_paused_cases), null if a pause reaches beyond the calendar. -#}
{% macro time_paused(paused, column) -%}
    case when {{ paused }}.case_key is null then 0 else {{ paused }}.{{ column }} end
{%- endmacro %}

{#- The minute of the day, from 0, by which office_minutes are joined. -#}
{% macro minute_of(moment) -%}
    extract(hour from {{ moment }}) * 60 + extract(minute from {{ moment }})
{%- endmacro %}

{#- Office seconds from the beginning of the calendar to a moment. `day` and `minute` are the aliases of its rows in
    dim_date and office_minutes, `a_day` the office seconds of a working day. -#}
{% macro office_seconds(day, minute, moment, a_day) -%}
    case
        when {{ day }}.is_working_day
            then ({{ day }}.working_day_no - 1) * {{ a_day }} + {{ minute }}.open_before * 60
                + case when {{ minute }}.is_open then cast(floor(extract(second from {{ moment }})) as integer) else 0 end
        else {{ day }}.working_day_no * {{ a_day }}
    end
{%- endmacro %}
