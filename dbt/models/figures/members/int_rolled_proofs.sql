{{ config(materialized="view") }}
{% set names = names_of([ref('fct_member_figures'), ref('fct_county_indicators')]) or {} %}

-- The SQL that counts a sum again from the counties' figures; `same` finds their rows of the figure.
with conditions as (
    select
        {% for repeats in ['repeats', 'whole_repeats', 'previous_repeats', 'year_ago_repeats'] %}
        coalesce(repeated.{{ repeats }}_sql, '') as {{ repeats }},
        {% endfor %}
        rolled.period,
        rolled.figure,
        rolled.dimension,
        rolled.member,
        rolled.previous_value,
        rolled.year_ago_value,
        definitions.measure,
        {{ condition('period', 'rolled.period') }} as own,
        {{ condition('period', 'periods.previous_period') }} as previous,
        {{ condition('period', 'periods.year_ago_period') }} as year_ago,
        ' and '
        || case
            when rolled.figure = 'case_volume_share' then {{ condition('figure', "'case_volume'") }}
            else {{ condition('figure', 'rolled.figure') }}
        end || ' and '
        || case
            when rolled.dimension = 'county' then {{ condition('dimension', "'total'") }}
            else {{ condition('dimension', 'rolled.dimension') }}
        end || ' and is_counted' as same_parts,
        ' and '
        || case
            when rolled.dimension = 'county' then {{ condition('county_name', 'rolled.member') }}
            when rolled.dimension = 'county_indicator'
                then {{ condition("county_name || ' · ' || indicator", 'rolled.member') }}
            else {{ condition('member', 'rolled.member') }}
        end as same_member
    from {{ ref('int_rolled_figures') }} as rolled
    inner join {{ ref('figure_definitions') }} as definitions on rolled.figure = definitions.figure
    inner join {{ ref('int_periods') }} as periods on rolled.period = periods.period
    left join {{ ref('int_repeated_proofs') }} as repeated
        on rolled.figure in ('case_volume', 'case_volume_share')
        and rolled.period = repeated.period
        and rolled.dimension = repeated.dimension
        and rolled.member = repeated.member
),

counted as (
    select
        period,
        figure,
        dimension,
        member,
        previous_value,
        year_ago_value,
        measure,
        own,
        previous,
        year_ago,
        same_parts,
        same_member,
        repeats,
        whole_repeats,
        previous_repeats,
        year_ago_repeats,
        ' from {{ names.fct_member_figures }} where ' as of_counties,
        ' from {{ names.fct_county_indicators }} where ' as of_indicators,
        same_parts || same_member as same,
        same_parts || same_member || ' and county_code in (select county_code'
        || ' from {{ names.fct_member_figures }} where '
        || own || same_parts || same_member || ')' as same_as_now
    from conditions
)

select
    {% for base in ['previous', 'year_ago'] %}
    case
        when {{ base }}_value is null then null
        when dimension = 'county_indicator'
            then 'select rank as value' || of_indicators || {{ base }} || same_member
        when dimension = 'county' then 'select {{ base }}_value as value' || of_counties || own || same
        else {{ sum_again('of_counties || ' ~ base ~ ' || same_as_now', base ~ '_repeats') }}
    end as {{ base }}_proof_sql,
    {% endfor %}
    period,
    figure,
    dimension,
    member,
    case
        when dimension = 'county_indicator'
            then 'select value as numerator, rank as value' || of_indicators || own || same_member
        when figure = 'case_volume_share'
            then
                'select numerator, denominator, numerator / nullif(denominator, 0) as value from (select ('
                || 'select sum(numerator)' || repeats || of_counties || own || same || ') as numerator, ('
                || 'select sum(numerator)' || whole_repeats || of_counties || own || same_parts
                || ') as denominator) as counted'
        when dimension = 'county'
            then 'select numerator, denominator, value' || of_counties || own || same
        else {{ sum_again('of_counties || own || same', 'repeats') }}
    end as proof_sql
from counted
