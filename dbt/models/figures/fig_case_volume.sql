-- a town's share is of all township cases, any other share of all cases
with parts as (
    select
        parts.starts_on,
        parts.as_of_on,
        parts.dimension,
        parts.member,
        parts.case_count,
        whole.case_count as whole_count
    from {{ ref('int_accepted_totals') }} as parts
    inner join {{ ref('int_accepted_totals') }} as whole
        on parts.starts_on = whole.starts_on
        and parts.as_of_on = whole.as_of_on
        and whole.dimension = case when parts.dimension = 'town' then 'venue' else 'total' end
        and whole.member = case when parts.dimension = 'town' then 'township' else 'total' end
)

{{ figures_of('parts', {
    'case_volume': ['case_count', 'null'],
    'case_volume_share': ['case_count', 'whole_count']
}) }}
