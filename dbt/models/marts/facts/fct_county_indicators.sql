-- what a superior office feeds back; in a province, what its counties' figures say of the same indicators
with named as (
    {% for figure, indicator, unit, times in [
        ('item_coverage', '事项覆盖率', '%', 100), ('overdue_open', '超期未办件', '件', 1),
        ('evaluation_rate', '好差评评价率', '%', 100), ('certificates', '电子证照入库量', '个', 1),
        ('certificate_types', '电子证照种类', '类', 1),
    ] %}
    select
        '{{ figure }}' as figure,
        '{{ indicator }}' as indicator,
        '{{ unit }}' as unit,
        {{ times }} as times
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

indicators as (
    select
        period,
        county_code,
        county_name,
        indicator,
        value,
        unit,
        rank,
        batch
    from {{ ref('stg_county_indicators') }}
    union all
    select
        figures.period,
        figures.county_code,
        figures.county_name,
        named.indicator,
        figures.value * named.times as value,
        named.unit,
        cast(null as integer) as rank,
        cast(null as {{ text_type() }}) as batch
    from {{ ref('fct_member_figures') }} as figures
    inner join named on figures.figure = named.figure
    where figures.is_counted and figures.dimension = 'total' and figures.value is not null
),

ranked as (
    select
        period,
        county_code,
        county_name,
        indicator,
        value,
        unit,
        batch,
        cast(
            coalesce(
                rank,
                -- of the five indicators, only the overdue stock is better when smaller
                rank() over (
                    partition by period, indicator
                    order by case when indicator = '超期未办件' then value else -value end
                )
            ) as integer
        ) as rank
    from indicators
),

leaders as (
    select
        period,
        indicator,
        min(value) as value
    from ranked
    where rank = 1
    group by period, indicator
)

select
    ranked.period,
    ranked.county_code,
    ranked.county_name,
    ranked.county_code in (select own.code from {{ source('reference', 'jurisdiction') }} as own) as is_own,
    ranked.indicator,
    ranked.value,
    ranked.unit,
    ranked.rank,
    ranked.value - leaders.value as gap_to_leader,
    previous.rank as previous_rank,
    previous.rank - ranked.rank as places_gained,
    ranked.batch
from ranked
left join leaders on ranked.period = leaders.period and ranked.indicator = leaders.indicator
left join {{ ref('int_periods') }} as periods on ranked.period = periods.period
left join ranked as previous
    on periods.previous_period = previous.period
    and ranked.county_code = previous.county_code
    and ranked.indicator = previous.indicator
