{#- Narrows a build to what changed since the models were last built (a delta). No other file does so.
    A delta deletes the rows that it touches from each incremental model and inserts them anew. -#}

{#- Whether this build is a delta: dbt builds (a run that only tests looks at everything), the facts exist, and nobody
    asked for a full refresh. -#}
{% macro is_delta() -%}
    {%- if not execute or flags.FULL_REFRESH or flags.WHICH not in ('build', 'run') -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(adapter.get_relation(this.database, 'marts', 'fct_cases') is not none) }}
{%- endmacro %}

{#- The reports that this build reads: all, or in a delta those of touched cases. -#}
{% macro reports_to_build() -%}
    {%- set every, touched = ref('stg_cases'), ref('int_touched_reports') -%}
    {{ return(touched if is_delta() else every) }}
{%- endmacro %}

{#- Condition: this build counts the case: any case, or in a delta a touched case, on a touched day of its `event` if
    one is given. -#}
{% macro is_to_build(case_key, event=none) -%}
    {%- set touched = is_touched(event, case_key) -%}
    {{ touched if is_delta() else 'true' }}
{%- endmacro %}

{#- Condition: the row is of a touched case, by its key, by the day of its `event` (accepted_on, finished_on), or both.
    The day comes first, because DuckDB then skips the row groups that hold none of the days. `day` is the column that
    holds the day, if it is not named after the event. -#}
{% macro is_touched(event=none, key=none, day=none) -%}
    {%- set touched = ref('int_touched_cases') -%}
    {%- if event %}{{ day or event }} in (select touched.{{ event }} from {{ touched }} as touched){% endif %}
    {%- if event and key %} and {% endif %}
    {%- if key %}{{ key }} in (select touched.case_key from {{ touched }} as touched){% endif %}
{%- endmacro %}

{#- Condition: a raw row of the same day and number came or went. When a row moves to another day, both days are among
    the changes. -#}
{% macro is_changed(dataset, moment, day, number=none) -%}
    {{ day }} in (select cast(changed.{{ moment }} as date) from {{ source('changes', dataset) }} as changed)
    {%- if number %}
    and {{ number }} in (select changed.{{ number }} from {{ source('changes', dataset) }} as changed)
    {%- endif %}
{%- endmacro %}

{#- Condition: a row of an `event` of dbt/figures/own.yml lies on a day that changed. Without `event` the row is one of
    int_own_days and names its event. -#}
{% macro is_own_touched(event=none) -%}
    {%- set conditions = {
        'accepted': is_touched('accepted_on', day=none if event else 'counted_on'),
        'finished': is_touched('finished_on', day=none if event else 'counted_on'),
        'inquiries': is_changed('cases', 'accepted_at', 'accepted_on' if event else 'counted_on'),
        'evaluations': is_changed('evaluations', 'evaluated_at', 'evaluated_on' if event else 'counted_on'),
    } -%}
    {%- if event -%}{{ return(conditions[event]) }}{%- endif -%}
    (
    {%- for name, condition in conditions.items() %}
        event = '{{ name }}' and {{ condition }}{{ ' or' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}

{#- Pre-hook of an incremental model: delete the rows that this delta builds anew. dbt's delete+insert deletes only what
    the new rows replace: a case that no longer counts, or a day whose last case moved, would stay behind. -#}
{% macro forget(condition) -%}
    {% if is_incremental() %}delete from {{ this }} where {{ condition }}{% endif %}
{%- endmacro %}

{#- The rows that a test of keys reads: the whole model, or in a delta only rows whose value of `among` is among the
    changes. `among` is a column of touched cases (or a list of them, the day first), `<dataset>.<column>` of the changed
    rows of a dataset, or a relation of schema `delta` that holds the rows to test. -#}
{% macro rows_to_test(model, among) -%}
    {%- set among = [among] if among is string else among -%}
    {%- set dataset, _, column = among[0].rpartition('.') -%}
    {%- set is_relation = among[0].startswith('int_') -%}
    {%- set changed = source('changes', dataset) if dataset else ref(among[0] if is_relation else 'int_touched_cases') -%}
    {%- if not is_delta() -%}
        {{ model }}
    {%- elif is_relation -%}
        {{ changed }}
    {%- else -%}
        (
            select tested.* from {{ model }} as tested
            where
                {% for column in ([column] if dataset else among) -%}
                tested.{{ column }} in (select changed.{{ column }} from {{ changed }} as changed)
                {{ 'and ' if not loop.last }}
                {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}
