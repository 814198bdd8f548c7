{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_own_touched()) }}"
) }}
{% set relations = {
    'fct_cases': ref('fct_cases'), 'fct_evaluations': ref('fct_evaluations'), 'fct_inquiries': ref('fct_inquiries')
} %}
{% set terms = counted_terms(is_stock=false) %}

-- each term's rows a day and member; they count in spans whose last day lies from since_on to before until_on
{% for term in terms %}
select
    '{{ term.figure }}' as figure,
    '{{ term.part }}' as part,
    {{ loop.index }} as term_no,
    '{{ term.event }}' as event,
    counted_on,
    since_on,
    until_on,
    {{ term_member(term) }},
    count(*) as row_count
from (
    select
        {{ term.day }} as counted_on,
        cast({{ term.since or 'null' }} as date) as since_on,
        {%- for name, column in term.columns.items() %}
        {{ written_out(column, {}) }} as {{ name }},
        {%- endfor %}
        cast({{ term.until or 'null' }} as date) as until_on
    from {{ relations[term.relation] }}
    where
        {{ term.day }} is not null
        and {{ written_out(term.condition, {}) }}
        {%- if is_incremental() %}
        and {{ is_own_touched(term.event) }}
        {%- endif %}
) as counted
group by {{ term_groups(term, 'counted_on, since_on, until_on') }}
union all
{% endfor %}
select
    cast(null as {{ text_type() }}) as figure,
    cast(null as {{ text_type() }}) as part,
    cast(null as integer) as term_no,
    cast(null as {{ text_type() }}) as event,
    cast(null as date) as counted_on,
    cast(null as date) as since_on,
    cast(null as date) as until_on,
    cast(null as {{ text_type() }}) as dimension,
    cast(null as {{ text_type() }}) as member,
    cast(null as bigint) as row_count
where false
