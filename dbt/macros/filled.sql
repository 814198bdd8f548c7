{#- A template of the registry with its places filled: the condition on the member, where there is one, and the span of a
    base. In templates it always follows an "and". -#}
{% macro filled(template, base) -%}
    replace(replace(replace(replace(replace(
        members.{{ template }},
        ' and $member', case when members.member_sql = 'true' then '' else ' and ' || members.member_sql end),
        ' and $whole', case when members.whole_sql = 'true' then '' else ' and ' || members.whole_sql end),
        '$starts_on', 'date ''' || cast(members.{{ base }}starts_on as varchar) || ''''),
        '$as_of_on', 'date ''' || cast(members.{{ base }}as_of_on as varchar) || ''''),
        '$period', '''' || members.{{ base }}period || '''')
{%- endmacro %}
