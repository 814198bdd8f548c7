{{ config(materialized="view") }}
{% set names = names_of([
    ref('fct_cases'), ref('fct_case_pauses'), ref('fct_inquiries'), ref('fct_evaluations'), ref('fct_certificates'),
    ref('fct_extended_service'), ref('fct_duty_ledger'), ref('fct_county_indicators'), ref('dim_date'),
    ref('dim_items'), ref('dim_organisations')
]) %}

with definitions as (
    {% for figure in registered_figures() %}
    select
        {{ literal(figure.key) }} as figure,
        {{ literal(figure.measure) }} as measure,
        {{ literal(figure.dataset) }} as dataset,
        {{ 'true' if figure.covers_year else 'false' }} as covers_year,
        {{ literal(written_out(figure.numerator.sql, names)) }} as numerator_sql,
        {{ literal(written_out((figure.denominator or {}).sql, names)) }} as denominator_sql
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- for each row of figures: the registry's SQL templates, and the span, period and member condition that fill
-- them
members as (
    select
        figures.period,
        figures.figure,
        figures.dimension,
        figures.member,
        definitions.measure,
        definitions.numerator_sql,
        definitions.denominator_sql,
        replace(dimensions.member_sql, '$name', {{ literal_of('figures.member') }}) as member_sql,
        dimensions.whole_sql,
        coalesce(periods.data_from_on, periods.starts_on) as starts_on,
        periods.as_of_on,
        {{ base_starts_on('previous') }} as previous_starts_on,
        periods.previous_as_of_on,
        periods.previous_period,
        {{ base_starts_on('year_ago') }} as year_ago_starts_on,
        periods.year_ago_as_of_on,
        periods.year_ago_period
    from {{ ref('figures') }} as figures
    inner join definitions on figures.figure = definitions.figure
    inner join {{ ref('figure_dimensions') }} as dimensions
        on figures.figure = dimensions.figure and figures.dimension = dimensions.dimension
    inner join {{ ref('dim_periods') }} as periods on figures.period = periods.period
    left join {{ ref('int_coverage') }} as coverage on definitions.dataset = coverage.dataset
    {% for base in ['previous', 'year_ago'] %}
    left join {{ ref('int_supplied_figures') }} as {{ base }}
        on periods.{{ base }}_starts_on = {{ base }}.starts_on
        and periods.{{ base }}_as_of_on = {{ base }}.as_of_on
        and figures.figure = {{ base }}.figure
        and figures.dimension = {{ base }}.dimension
        and {{ base }}.member is null
    left join {{ ref('int_supplied_figures') }} as {{ base }}_member
        on periods.{{ base }}_starts_on = {{ base }}_member.starts_on
        and periods.{{ base }}_as_of_on = {{ base }}_member.as_of_on
        and figures.figure = {{ base }}_member.figure
        and figures.dimension = {{ base }}_member.dimension
        and figures.member = {{ base }}_member.member
    {% endfor %}
    where figures.figure = 'working_days' or not exists (select 1 from {{ ref('dim_members') }})
),

filled as (
    select
        members.period,
        members.figure,
        members.dimension,
        members.member,
        members.measure,
        {{ filled('numerator_sql', '') }} as numerator_sql,
        {{ filled('denominator_sql', '') }} as denominator_sql,
        {{ filled('numerator_sql', 'previous_') }} as previous_numerator_sql,
        {{ filled('denominator_sql', 'previous_') }} as previous_denominator_sql,
        {{ filled('numerator_sql', 'year_ago_') }} as year_ago_numerator_sql,
        {{ filled('denominator_sql', 'year_ago_') }} as year_ago_denominator_sql
    from members
)

select
    period,
    figure,
    dimension,
    member,
    {{ proof('measure', 'numerator_sql', 'denominator_sql') }} as proof_sql,
    {{ proof('measure', 'previous_numerator_sql', 'previous_denominator_sql') }} as previous_proof_sql,
    {{ proof('measure', 'year_ago_numerator_sql', 'year_ago_denominator_sql') }} as year_ago_proof_sql
from filled
union all
select
    period,
    figure,
    dimension,
    member,
    proof_sql,
    previous_proof_sql,
    year_ago_proof_sql
from {{ ref('int_rolled_proofs') }}
