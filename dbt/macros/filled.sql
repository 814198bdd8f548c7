{#- A template of the registry with its places filled: the condition on the member, and the span of a base. -#}
{% macro filled(template, base) -%}
    replace(replace(replace(replace(replace(
        members.{{ template }},
        '$member', members.member_sql),
        '$whole', members.whole_sql),
        '$starts_on', 'date ''' || cast(members.{{ base }}starts_on as varchar) || ''''),
        '$as_of_on', 'date ''' || cast(members.{{ base }}as_of_on as varchar) || ''''),
        '$period', '''' || members.{{ base }}period || '''')
{%- endmacro %}
