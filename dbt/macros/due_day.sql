{#- The day by which a case is due: so many days of its limit's unit after acceptance, pauses within the limit included.
    `last_day` is the working day of that number; without days to work in it is the day of acceptance. -#}
{% macro due_day(accepted_on, unit, working_days, calendar_days, last_day) -%}
    case
        when {{ unit }} = 'calendar_day' then {{ days_after(accepted_on, calendar_days) }}
        when {{ working_days }} = 0 then {{ accepted_on }}
        else {{ last_day }}
    end
{%- endmacro %}
