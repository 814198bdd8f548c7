{{ config(materialized="view") }}
{% set names = names_of([ref('fct_member_figures'), ref('fct_member_cases')]) or {} %}
{% set (figures, cases) = (names.fct_member_figures, names.fct_member_cases) %}
{% set bases = ['', 'previous_', 'year_ago_'] %}

-- The SQL that takes repeated reports of a case off a sum of volumes, as text; no row where none is shared.
with conditions as (
    select
        {% for base in bases %}
        {% for day in ['starts_on', 'as_of_on'] %}
        'date '
        || {{ literal_of('cast(periods.' ~ base ~ day ~ ' as ' ~ text_type() ~ ')') }} as {{ base }}{{ day }},
        {% endfor %}
        {% endfor %}
        volumes.period,
        volumes.dimension,
        volumes.member,
        '(select county_code from {{ figures }}'
        || ' where is_counted and '
        || {{ condition('figure', "'case_volume'") }}
        || ' and ' || {{ condition('dimension', "'total'") }}
        || ' and ' || {{ condition('period', 'volumes.period') }} || ')' as counties,
        case
            when volumes.dimension = 'total' then ''
            else
                ' and own.' || volumes.dimension || ' = '
                || {{ literal_of('volumes.member') }}
        end as of_member
    from {{ ref('int_rolled_figures') }} as volumes
    inner join {{ ref('int_periods') }} as periods on volumes.period = periods.period
    where
        volumes.figure = 'case_volume'
        and volumes.dimension in ('total', 'venue', 'channel', 'case_type')
        and exists (select 1 from {{ ref('fct_member_cases') }})
),

texts as (
    select
        {% for base in bases %}
        ' and own.accepted_on between ' || {{ base }}starts_on || ' and ' || {{ base }}as_of_on || ')'
            as {{ base }}span,
        {% endfor %}
        period,
        dimension,
        member,
        of_member,
        ' - (select count(*) from {{ cases }} as own'
        || ' where own.county_code in ' || counties
        || ' and exists (select 1 from {{ cases }} as earlier'
        || ' where earlier.case_mark = own.case_mark and earlier.list_order < own.list_order'
        || ' and earlier.county_code in ' || counties || ')' as repeats
    from conditions
)

select
    period,
    dimension,
    member,
    repeats || of_member || span as repeats_sql,
    repeats || span as whole_repeats_sql,
    repeats || of_member || previous_span as previous_repeats_sql,
    repeats || of_member || year_ago_span as year_ago_repeats_sql
from texts
