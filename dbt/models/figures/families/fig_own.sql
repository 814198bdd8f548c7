{% set relations = {} %}
{% for family in [
    ref('fig_accepted'), ref('fig_accepted_share'), ref('fig_finished'), ref('fig_overdue_open'), ref('fig_items'),
    ref('fig_evaluations'), ref('fig_evaluated_cases'), ref('fig_certificates'), ref('fig_extended_service'),
    ref('fig_duty_ledger'), ref('fig_working_days'), ref('fig_county')
] %}
{% do relations.update({family.identifier: family}) %}
{% endfor %}

-- what numerators and denominators are sums of: counts of the registry's families, and counts of facts
with terms as (
    {% for term in family_terms() %}
    select
        '{{ term.figure }}' as figure,
        '{{ term.part }}' as part,
        starts_on,
        as_of_on,
        {{ literal(term.dimension) if term.part == 'whole' else 'dimension' }} as dimension,
        {{ 'cast(null as ' ~ text_type() ~ ')' if term.part == 'whole' else 'member' }} as member,
        cast({{ term.column }} as double) as value
    from {{ relations[term.family] }}
    where {{ term.condition }}
    union all
    {% endfor %}
    select
        days.figure,
        days.part,
        spans.starts_on,
        spans.as_of_on,
        days.dimension,
        days.member,
        cast(sum(days.row_count) as double) as value
    from {{ ref('int_span_days') }} as spans
    inner join {{ ref('int_own_days') }} as days
        on spans.date_on = days.counted_on
        and (days.since_on is null or spans.as_of_on >= days.since_on)
        and (days.until_on is null or spans.as_of_on < days.until_on)
    group by days.figure, days.part, spans.starts_on, spans.as_of_on, days.dimension, days.member
    union all
    select
        stocks.figure,
        stocks.part,
        spans.starts_on,
        spans.as_of_on,
        stocks.dimension,
        stocks.member,
        cast(stocks.row_count as double) as value
    from {{ ref('int_spans') }} as spans
    inner join {{ ref('int_own_stocks') }} as stocks on spans.as_of_on = stocks.as_of_on
),

-- members that are listed, or have a row in any span
members as (
    select
        dimensions.figure,
        dimensions.dimension,
        listed.member
    from {{ ref('figure_dimensions') }} as dimensions
    inner join {{ ref('dimension_members') }} as listed
        on dimensions.dimension = listed.dimension and listed.is_listed
    union distinct
    select
        figure,
        dimension,
        member
    from terms
    where member is not null
)

select
    terms.starts_on,
    terms.as_of_on,
    terms.figure,
    terms.dimension,
    coalesce(terms.member, members.member) as member,
    coalesce(sum(case when terms.part = 'numerator' then terms.value end), 0) as numerator,
    sum(case when terms.part <> 'numerator' then terms.value end) as denominator
from terms
inner join {{ ref('figure_dimensions') }} as dimensions
    on terms.figure = dimensions.figure and terms.dimension = dimensions.dimension
-- a whole is the denominator of every member
left join members
    on terms.figure = members.figure and terms.dimension = members.dimension and terms.part = 'whole'
-- a case of the hall belongs to no town
where coalesce(terms.member, members.member) is not null
group by
    terms.starts_on, terms.as_of_on, terms.figure, terms.dimension, coalesce(terms.member, members.member)
