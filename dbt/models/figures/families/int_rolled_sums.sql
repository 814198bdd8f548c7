-- What a province adds up of its counties' figures; empty in a county. A sum is compared with what the same
-- counties had before, and with nothing where one of them has no base.
with added as (
    select
        period,
        figure,
        dimension,
        member,
        measure,
        {% for base in ['previous', 'year_ago'] %}
        case when count({{ base }}_numerator) = count(*) then sum({{ base }}_numerator) end
            as {{ base }}_numerator,
        sum({{ base }}_denominator) as {{ base }}_denominator,
        {% endfor %}
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('int_county_figures') }}
    -- the whole of a share is that of every member, so shares are made of volumes in int_rolled_figures
    where
        is_additive
        and dimension in ({{ quoted(dimensions_alike()) }})
        and figure <> 'case_volume_share'
    group by period, figure, dimension, member, measure
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
