with parts as (
    {% for part in registered_parts() %}
    select
        {{ literal(part.need) }} as need,
        {{ part.option_no }} as option_no,
        {{ part.part_no }} as part_no,
        {{ literal(part.dataset) }} as dataset,
        {{ literal(part.column_name) }} as column_name,
        {{ literal(part.flag_words) }} as flag_words,
        {{ literal(part.value_words) }} as value_words
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

datasets as (
    select distinct
        dataset,
        dataset_title
    from {{ source('reference', 'columns') }}
),

worded as (
    select
        parts.need,
        parts.option_no,
        parts.part_no,
        coalesce(
            parts.flag_words,
            datasets.dataset_title || coalesce('的“' || named.header || '”', '')
            || coalesce('（' || parts.value_words || '）', '')
        ) as words
    from parts
    inner join datasets on parts.dataset = datasets.dataset
    left join {{ source('reference', 'columns') }} as named
        on parts.dataset = named.dataset and parts.column_name = named.column_name
),

options as (
    select
        need,
        option_no,
        {{ joined_text('words', '和', 'part_no') }} as words
    from worded
    group by need, option_no
)

select
    need,
    {{ joined_text('words', '或', 'option_no') }} as words
from options
group by need
