{{ config(
    materialized="incremental",
    pre_hook="{{ forget(is_changed('evaluations', 'evaluated_at', 'evaluated_on', 'evaluation_no')) }}"
) }}

select
    evaluations.evaluation_no,
    evaluations.source_system,
    {{ case_key('evaluations.case_source', 'evaluations.case_no', 'sources.case_no_scope') }} as case_key,
    evaluations.case_no,
    evaluations.case_source,
    evaluations.channel,
    case when evaluations.channel in ('PC端', '移动端', '短信') then 'online' else 'offline' end as mode,
    evaluations.level,
    evaluations.level in ('非常满意', '满意', '基本满意') as is_satisfied,
    evaluations.round,
    evaluations.evaluated_at,
    cast(evaluations.evaluated_at as date) as evaluated_on,
    coalesce(evaluations.is_default, false) as is_default,
    coalesce(evaluations.is_valid, true) as is_valid,
    coalesce(organisations.printed_name, evaluations.org_name) as org_name,
    evaluations.window_name,
    coalesce(towns.printed_name, evaluations.town_name) as town_name,
    evaluations.rectify_due_at,
    evaluations.rectified_at,
    cast(evaluations.rectified_at as date) as rectified_on,
    evaluations.revisited_at
from {{ ref('stg_evaluations') }} as evaluations
left join {{ ref('dim_sources') }} as sources on evaluations.case_source = sources.source
left join {{ ref('int_organisation_names') }} as organisations on evaluations.org_name = organisations.name
left join {{ ref('int_town_names') }} as towns on evaluations.town_name = towns.name
{% if is_incremental() %}
where
    {{ is_changed('evaluations', 'evaluated_at', 'cast(evaluations.evaluated_at as date)', 'evaluation_no') }}
{% endif %}
