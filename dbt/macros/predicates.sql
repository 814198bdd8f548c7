{#- Conditions on rows of the facts that several models and proofs share, each under one name. `table` is the alias
    with its dot, `starts_on` and `as_of_on` the first and the last day of the span; a proof of the registry writes
    $name and takes the days of its period. -#}
{% macro predicates(table='', starts_on='$starts_on', as_of_on='$as_of_on') -%}
    {%- set open = '(' ~ table ~ 'settled_on is null or ' ~ table ~ 'settled_on > ' ~ as_of_on ~ ')' -%}
    {{ return({
        'accepted': table ~ 'accepted_on between ' ~ starts_on ~ ' and ' ~ as_of_on,
        'accepted_in_year': table ~ 'accepted_on > ' ~ year_before(as_of_on) ~ ' and ' ~ table ~ 'accepted_on <= ' ~ as_of_on,
        'finished': table ~ 'finished_on between ' ~ starts_on ~ ' and ' ~ as_of_on,
        'open': open,
        'overdue': table ~ 'is_overdue_counted and not ' ~ table ~ 'is_settled_undated and (' ~ table ~ 'due_on < ' ~ as_of_on
            ~ ' or cast(' ~ table ~ 'due_by_at as date) <= ' ~ as_of_on ~ ') and ' ~ open,
        'unpaused': table ~ 'case_key not in (select case_key from $fct_case_pauses where started_on <= ' ~ as_of_on
            ~ ' and (ended_on is null or ended_on > ' ~ as_of_on ~ '))',
        'in_force': table ~ 'in_force_from_on <= ' ~ as_of_on ~ ' and (' ~ table ~ 'in_force_until_on is null or '
            ~ table ~ 'in_force_until_on > ' ~ as_of_on ~ ')',
    }) }}
{%- endmacro %}

{#- The condition with this name. -#}
{% macro predicate(name, table='', starts_on='$starts_on', as_of_on='$as_of_on') -%}
    {{ predicates(table, starts_on, as_of_on)[name] }}
{%- endmacro %}
