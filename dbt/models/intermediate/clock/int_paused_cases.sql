{{ config(materialized="view", schema="delta") }}
-- unit of the pauses → (suffix of the sum, length of the limit in that unit)
{% set sums = [
    ('working_days', '', 'limits.limit_length'),
    ('calendar_days', '', 'limits.limit_length'),
    ('seconds', '', 'limits.limit_length * 3600'),
    ('office_seconds', '', 'limits.limit_length * 3600'),
    ('working_days', '_legal', 'limits.legal_length'),
    ('calendar_days', '_legal', 'limits.legal_length'),
] %}

-- A pause that begins after the limit has run out no longer moves the due day; nor does one that begins at
-- the very second at which a limit in hours runs out.
with pauses as (
    select
        pauses.case_key,
        pauses.working_days,
        {%- for unit, suffix, length in sums %}
        case
            when pauses.counted_{{ unit }}_before {{ '<' if 'seconds' in unit else '<=' }} {{ length }}
                then pauses.{{ unit }}
            else 0
        end as {{ unit }}_within{{ suffix }},
        pauses.{{ unit }} is null as lacks_{{ unit }}{{ suffix }},
        {%- endfor %}
        pauses.is_assumed
    from {{ ref('int_pause_days') }} as pauses
    inner join {{ ref('int_case_limits') }} as limits on pauses.case_key = limits.case_key
)

-- not known if what any of its pauses takes off is not
select
    case_key,
    cast(case when count(*) = count(working_days) then sum(working_days) end as integer) as working_days,
    {%- for unit, suffix, _ in sums %}
    cast(
        case when not {{ any_true('lacks_' ~ unit ~ suffix) }} then sum({{ unit }}_within{{ suffix }}) end
        as {{ 'bigint' if 'seconds' in unit else 'integer' }}
    ) as {{ unit }}_within{{ suffix }},
    {%- endfor %}
    {{ any_true('is_assumed') }} as is_pause_assumed
from pauses
group by case_key
