-- Sums that a province can't say: figures that no county reports, that don't add up, or by towns and offices.
with periods as (
    select distinct period
    from {{ ref('int_rolled_figures') }}
),

-- listed members as rows, and a row without member where a dimension has none that is listed
wanted as (
    select
        periods.period,
        dimensions.figure,
        dimensions.dimension,
        listed.member
    from periods
    cross join {{ ref('figure_dimensions') }} as dimensions
    left join {{ ref('dimension_members') }} as listed
        on dimensions.dimension = listed.dimension and listed.is_listed
    -- the province's own calendar counts these
    where dimensions.figure <> 'working_days'
),

lacking as (
    select
        wanted.period,
        wanted.figure,
        wanted.dimension,
        wanted.member,
        count(rolled.figure) over (partition by wanted.period, wanted.figure, wanted.dimension)
            as found_count,
        rolled.figure is null as is_absent
    from wanted
    left join {{ ref('int_rolled_figures') }} as rolled
        on wanted.period = rolled.period
        and wanted.figure = rolled.figure
        and wanted.dimension = rolled.dimension
        and coalesce(wanted.member, rolled.member) = rolled.member
),

summed as (
    select distinct
        lacking.period,
        lacking.figure,
        lacking.dimension,
        case when lacking.found_count > 0 then lacking.member end as member,
        definitions.is_additive
    from lacking
    inner join {{ ref('figure_definitions') }} as definitions on lacking.figure = definitions.figure
    where lacking.is_absent
)

select
    period,
    figure,
    dimension,
    member,
    case
        when dimension not in ({{ quoted(dimensions_alike()) }}) then '汇总只到县（市、区）'
        when is_additive then '没有县（市、区）报送此项'
        else '各县（市、区）之数不能相加，只分县（市、区）列出'
    end as reason,
    case
        when dimension not in ({{ quoted(dimensions_alike()) }}) then 'a province goes down to counties only'
        when is_additive then 'no county reports it'
        else 'it does not add up over counties, and is given by county only'
    end as reason_en
from summed
union all
select
    period,
    'case_volume' as figure,
    'county' as dimension,
    cast(null as {{ text_type() }}) as member,
    '几个县（市、区）都有的办件，合计只计一次，各县（市、区）各自计入，多计'
    || cast(sum(case_count) as {{ text_type() }}) || '件' as reason,
    'cases that several counties report are counted once in the whole and in each of these counties, '
    || cast(sum(case_count) as {{ text_type() }}) || ' times more' as reason_en
from {{ ref('int_repeated_cases') }}
where dimension = 'total'
group by period
having sum(case_count) > 0
