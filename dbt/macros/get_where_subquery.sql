{#- What a test of columns reads: all, or in a delta only the rows that it could have written. Days come first, as in
    is_touched; that no old self of a case stays behind on another day is for cases_are_conserved to see. -#}
{% macro get_where_subquery(relation) -%}
    {% set name = relation.identifier %}
    {% set dataset = name | replace('stg_', '') | replace('fct_', '') %}
    {% set is_unique = model.test_metadata.name.startswith('unique') %}
    {% set changed %}select changed._key_hash from changes.{{ dataset }} as changed{% endset %}
    {% set days_of = {'int_accepted_days': 'accepted_on', 'int_item_days': 'accepted_on', 'int_finished_days': 'finished_on'} %}
    {% if not is_delta() -%}
        {{ relation }}
    {%- elif name == 'stg_cases' or (name.startswith('stg_') and not is_unique
        and dataset in ('case_results', 'case_pauses', 'evaluations', 'certificates')) -%}
        {#- that touched cases are unique is for int_touched_reports to see, which has found them already -#}
        (select * from changes.{{ dataset }} where _state = 'came') as written
    {%- elif name in ('stg_case_results', 'stg_case_pauses', 'stg_evaluations', 'stg_certificates') -%}
        (
            select * from {{ relation }}
            where _file_id in (select found._file_id from {{ relation }} as found where found._key_hash in ({{ changed }}))
            and _key_hash in ({{ changed }})
        ) as written
    {%- elif name == 'fct_certificates' -%}
        (
            select * from {{ relation }}
            where certificate_id in (select changed.certificate_id from changes.certificates as changed)
        ) as written
    {%- elif name == 'fct_evaluations' and is_unique -%}
        (
            select * from {{ relation }}
            where evaluated_on in (select cast(changed.evaluated_at as date) from changes.evaluations as changed)
            and evaluation_no in (select changed.evaluation_no from changes.evaluations as changed)
        ) as written
    {%- elif name == 'fct_evaluations' -%}
        (
            select * from {{ relation }}
            where case_key in (select touched.case_key from intermediate.int_touched_keys as touched)
        ) as written
    {%- elif name in ('fct_cases', 'int_late_cases') -%}
        (
            select * from {{ relation }}
            where accepted_on in (select touched.accepted_on from intermediate.int_touched_cases as touched)
            and case_key in (select touched.case_key from intermediate.int_touched_cases as touched)
        ) as written
    {%- elif name in days_of -%}
        (
            select * from {{ relation }}
            where {{ days_of[name] }} in (select touched.{{ days_of[name] }} from intermediate.int_touched_cases as touched)
        ) as written
    {%- else -%}
        {{ relation }}
    {%- endif %}
{%- endmacro %}
