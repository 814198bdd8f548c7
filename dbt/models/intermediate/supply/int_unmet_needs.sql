-- If some source meets each need of a requirement by itself, what is missing is one source that meets all.
with listed_needs as (
    {% for requirement in registered_requirements() %}
    {% set outer = loop %}
    {% for need in needs_in(requirement) %}
    select
        {{ literal(requirement) }} as requirement,
        {{ loop.index }} as need_no,
        {{ literal(need) }} as need
    {{ 'union all' if not (outer.last and loop.last) }}
    {% endfor %}
    {% endfor %}
),

judged as (
    select
        spans.starts_on,
        spans.as_of_on,
        listed_needs.requirement,
        listed_needs.need_no,
        listed_needs.need,
        need_words.words,
        supply.requirement is null as is_unmet,
        max(case when supply.requirement is null then 1 else 0 end) over (
            partition by spans.starts_on, spans.as_of_on, listed_needs.requirement
        ) = 1 as has_unmet
    from {{ ref('int_spans') }} as spans
    cross join listed_needs
    inner join {{ ref('int_need_words') }} as need_words on listed_needs.need = need_words.need
    left join {{ ref('int_span_supply') }} as supply
        on spans.starts_on = supply.starts_on
        and spans.as_of_on = supply.as_of_on
        and listed_needs.need = supply.requirement
)

select
    starts_on,
    as_of_on,
    requirement,
    case when has_unmet then '本期没有导出文件提供' else '本期没有哪个来源同时提供' end
    || {{ joined_text('words', '，也没有', 'need_no') }} as reason,
    case when has_unmet then 'no export' else 'no single source' end || ' of the period supplies '
    || {{ joined_text('need', ' and ', 'need_no') }} as reason_en
from judged
where is_unmet or not has_unmet
group by starts_on, as_of_on, requirement, has_unmet
