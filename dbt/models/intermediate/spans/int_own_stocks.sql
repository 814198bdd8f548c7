{% set terms, spans, facts = counted_terms(is_stock=true), ref('int_spans'), ref('fct_cases') %}
{% set open_status %}
case when {{ is_paused('cases.case_key', 'ends.as_of_on') }} then 'paused' else 'in_progress' end
{% endset %}

-- each term's cases that are open at the end of a span; without such a figure this model reads nothing
{% for term in terms %}
select
    '{{ term.figure }}' as figure,
    '{{ term.part }}' as part,
    {{ loop.index }} as term_no,
    as_of_on,
    {{ term_member(term) }},
    count(*) as row_count
from (
    select
        {%- for name, column in term.columns.items() %}
        {{ written_out(column, {}) | replace('$open_status', open_status) }} as {{ name }},
        {%- endfor %}
        ends.as_of_on
    from (select distinct as_of_on from {{ spans }}) as ends
    inner join {{ facts }} as cases
        on ends.as_of_on >= cases.accepted_on
        and {{ predicate('open', 'cases.', as_of_on='ends.as_of_on') }}
    where
        not cases.is_settled_undated
        and {{ written_out(term.condition, {}) | replace('$open_status', open_status) }}
) as counted
group by {{ term_groups(term, 'as_of_on') }}
union all
{% endfor %}
select
    cast(null as {{ text_type() }}) as figure,
    cast(null as {{ text_type() }}) as part,
    cast(null as integer) as term_no,
    cast(null as date) as as_of_on,
    cast(null as {{ text_type() }}) as dimension,
    cast(null as {{ text_type() }}) as member,
    cast(null as bigint) as row_count
where false
