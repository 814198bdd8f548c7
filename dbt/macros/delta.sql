{#- What a build works out: all of history, or only what changed since the models were last built (a delta). -#}

{#- Whether this build is a delta: the facts stand already and no full refresh was asked for. -#}
{% macro is_delta() -%}
    {% if not execute or flags.FULL_REFRESH %}{{ return(false) }}{% endif %}
    {{ return(adapter.get_relation(this.database, 'marts', 'fct_cases') is not none) }}
{%- endmacro %}

{#- The rows that a delta takes out of this model, and puts in anew by the same condition; in a full build, none. -#}
{% macro forget(condition) -%}
    {% if is_incremental() %}delete from {{ this }} where {{ condition }}{% endif %}
{%- endmacro %}

{#- Condition: the row is of a touched case, by the day of its `event` (accepted_on, finished_on) and its key.
    Days come first: zone maps then spare the keys of all other days. Aggregates of whole days have no key. -#}
{% macro is_touched(event, key=none) -%}
    {{ event }} in (select touched.{{ event }} from {{ ref('int_touched_cases') }} as touched)
    {%- if key %}
    and {{ key }} in (select touched.case_key from {{ ref('int_touched_cases') }} as touched)
    {%- endif %}
{%- endmacro %}

{#- Condition: the row's number changed in the raw `dataset`, or its day did: both sides of a move are among them. -#}
{% macro is_changed(dataset, moment, day, number=none) -%}
    {{ day }} in (select cast(changed.{{ moment }} as date) from {{ source('changes', dataset) }} as changed)
    {%- if number %}
    and {{ number }} in (select changed.{{ number }} from {{ source('changes', dataset) }} as changed)
    {%- endif %}
{%- endmacro %}
