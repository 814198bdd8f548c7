with covered as (
    select
        -- without any export of cases the first of the other datasets tells where the data begin
        coalesce(max(case when dataset = 'cases' then starts_on end), min(starts_on)) as starts_on,
        min(covered_until) as covered_until
    from {{ ref('int_coverage') }}
),

calendar_periods as (
    {% for kind in ['month', 'quarter', 'half', 'year'] %}
    select
        {{ kind }}_period as period,
        '{{ kind }}' as kind,
        min(date_on) as starts_on,
        max(date_on) as ends_on
    from {{ ref('dim_date') }}
    group by {{ kind }}_period
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

periods as (
    select
        calendar_periods.period,
        calendar_periods.kind,
        calendar_periods.starts_on,
        calendar_periods.ends_on,
        least(calendar_periods.ends_on, covered.covered_until) as as_of_on,
        {{ days_between('calendar_periods.starts_on', 'covered.covered_until') }} as elapsed_days,
        case when calendar_periods.starts_on < covered.starts_on then covered.starts_on end as data_from_on,
        calendar_periods.starts_on >= covered.starts_on and calendar_periods.ends_on <= covered.covered_until
            as is_complete,
        -- no comparison with a span that begins before the first day of data
        calendar_periods.starts_on >= covered.starts_on as is_base
    from calendar_periods
    inner join covered
        on calendar_periods.ends_on >= covered.starts_on
        and calendar_periods.starts_on <= covered.covered_until
)

select
    own.period,
    own.kind,
    substr(own.period, 1, 4) || '年' || case own.kind
        when 'month' then cast(cast(substr(own.period, 6, 2) as integer) as {{ text_type() }}) || '月'
        when 'quarter' then '第' || substr('一二三四', cast(substr(own.period, 6, 1) as integer), 1) || '季度'
        when 'half' then case substr(own.period, 6, 1) when '1' then '上半年' else '下半年' end
        else ''
    end as name,
    own.starts_on,
    own.ends_on,
    own.as_of_on,
    own.data_from_on,
    coalesce(own.data_from_on, own.starts_on) as counted_from_on,
    own.is_complete,
    previous.period as previous_period,
    year_ago.period as year_ago_period,
    case when previous.is_base then previous.starts_on end as previous_starts_on,
    case
        when previous.is_base and own.is_complete then previous.ends_on
        when previous.is_base
            then least({{ days_after('previous.starts_on', 'own.elapsed_days') }}, previous.ends_on)
    end as previous_as_of_on,
    case when year_ago.is_base then year_ago.starts_on end as year_ago_starts_on,
    case
        when year_ago.is_base and own.is_complete then year_ago.ends_on
        when year_ago.is_base then {{ year_before('own.as_of_on') }}
    end as year_ago_as_of_on
from periods as own
left join periods as previous
    on own.kind = previous.kind and own.starts_on = {{ days_after('previous.ends_on', 1) }}
left join periods as year_ago
    on own.kind = year_ago.kind and year_ago.starts_on = {{ year_before('own.starts_on') }}
