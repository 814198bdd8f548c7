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

{#- The days that pauses take off the clock: 0 for a case that was never paused (`paused` is the alias of its row in
    int_paused_cases), null if a pause reaches beyond the calendar. -#}
{% macro days_paused(paused, days) -%}
    case when {{ paused }}.case_key is null then 0 else {{ paused }}.{{ days }} end
{%- endmacro %}
