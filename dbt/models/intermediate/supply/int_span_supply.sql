-- One source must tell all that is needed of cases, because limits of one system and finishing days of
-- another decide nothing together. Items, evaluations and the other datasets are matched with cases of any
-- source.
with told_in_span as (
    select distinct
        spans.starts_on,
        spans.as_of_on,
        sources.source,
        supplied.told,
        supplied.constant_value
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('int_supplied') }} as supplied
        on (supplied.covered_from is null or spans.as_of_on >= supplied.covered_from)
        and (supplied.covered_until is null or spans.starts_on <= supplied.covered_until)
    inner join {{ ref('dim_sources') }} as sources
        on supplied.source = sources.source
        or supplied.dataset not in ('cases', 'case_results', 'case_pauses')
),

requirements as (
    {% for requirement in registered_requirements() %}
    select
        {{ loop.index }} as requirement_no,
        {{ literal(requirement) }} as requirement
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- one pass over what is told: a condition a requirement, not a query
judged as (
    select
        starts_on,
        as_of_on,
        {%- for requirement in registered_requirements() %}
        {{ meets(requirement) }} as is_met_{{ loop.index }},
        {%- endfor %}
        source
    from told_in_span
    group by starts_on, as_of_on, source
)

select distinct
    judged.starts_on,
    judged.as_of_on,
    requirements.requirement
from judged
cross join requirements
where
    case requirements.requirement_no
        {%- for requirement in registered_requirements() %}
        when {{ loop.index }} then judged.is_met_{{ loop.index }}
        {%- endfor %}
    end
