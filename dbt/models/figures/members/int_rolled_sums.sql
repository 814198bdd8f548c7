-- What a province adds up of its counties' figures; empty in a county. A sum is compared with what the same
-- counties had before, and with nothing where one of them has no base. A case that several counties report is
-- counted once in the volume of cases; other figures are plain sums.
with added as (
    select
        own.period,
        own.figure,
        own.dimension,
        own.member,
        own.measure,
        {% for base in ['previous', 'year_ago'] %}
        case
            when count(own.{{ base }}_numerator) = count(*)
                then sum(own.{{ base }}_numerator - coalesce(repeated.{{ base }}_count, 0))
        end as {{ base }}_numerator,
        sum(own.{{ base }}_denominator) as {{ base }}_denominator,
        {% endfor %}
        sum(own.numerator - coalesce(repeated.case_count, 0)) as numerator,
        sum(own.denominator) as denominator
    from {{ ref('int_county_figures') }} as own
    left join {{ ref('int_repeated_cases') }} as repeated
        on own.figure = 'case_volume'
        and own.period = repeated.period
        and own.county_code = repeated.county_code
        and own.dimension = repeated.dimension
        and own.member = repeated.member
    -- the whole of a share is that of every member, so shares are made of volumes in int_rolled_figures
    where
        own.is_additive
        and own.dimension in ({{ quoted(dimensions_alike()) }})
        and own.figure <> 'case_volume_share'
    group by own.period, own.figure, own.dimension, own.member, own.measure
)

select
    period,
    figure,
    dimension,
    member,
    numerator,
    denominator,
    case when measure = 'ratio' then numerator / nullif(denominator, 0) else numerator end as value,
    case
        when measure = 'ratio' then previous_numerator / nullif(previous_denominator, 0)
        else previous_numerator
    end as previous_value,
    case
        when measure = 'ratio' then year_ago_numerator / nullif(year_ago_denominator, 0)
        else year_ago_numerator
    end as year_ago_value
from added
union all
select
    period,
    figure,
    'county' as dimension,
    county_name as member,
    numerator,
    denominator,
    value,
    previous_value,
    year_ago_value
from {{ ref('int_county_figures') }}
where dimension = 'total' and measure in ('count', 'ratio', 'quantile') and figure <> 'case_volume_share'
union all
select
    ranked.period,
    'county_rank' as figure,
    'county_indicator' as dimension,
    ranked.county_name || ' · ' || ranked.indicator as member,
    ranked.value as numerator,
    cast(null as double) as denominator,
    cast(ranked.rank as double) as value,
    cast(ranked.previous_rank as double) as previous_value,
    cast(null as double) as year_ago_value
from {{ ref('fct_county_indicators') }} as ranked
inner join {{ ref('dim_members') }} as members on ranked.county_code = members.county_code
