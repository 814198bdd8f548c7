{#- What a test of columns reads: all, or in a delta only the rows that it could have written. Days come first, as in
    is_touched; that no old self of a case stays behind on another day is for cases_are_conserved to see. -#}
{% macro get_where_subquery(relation) -%}
    {% set name = relation.identifier %}
    {% set dataset = name | replace('stg_', '') | replace('fct_', '') %}
    {% set is_of_cases = name in ('fct_cases', 'int_late_cases') %}
    {% set changing = ('cases', 'case_results', 'case_pauses', 'evaluations', 'certificates') %}
    {%- if not is_delta() or not (is_of_cases or dataset in changing) -%}
        {{ relation }}
    {%- elif name == 'stg_cases' or (name.startswith('stg_') and not model.test_metadata.name.startswith('unique')) -%}
        {#- that touched cases are unique is for int_touched_reports to see, which has found them already -#}
        (select * from changes.{{ dataset }} where _state = 'came') as written
    {%- else -%}
        (
            select * from {{ relation }}
            where
            {% if name == 'fct_certificates' %}
                certificate_id in (select changed.certificate_id from changes.certificates as changed)
            {% elif name.startswith('stg_') %}
                _file_id in (
                    select found._file_id from {{ relation }} as found
                    where found._key_hash in (select changed._key_hash from changes.{{ dataset }} as changed)
                )
                and _key_hash in (select changed._key_hash from changes.{{ dataset }} as changed)
            {% elif name == 'fct_evaluations' and model.test_metadata.name.startswith('unique') %}
                evaluated_on in (select cast(changed.evaluated_at as date) from changes.evaluations as changed)
                and evaluation_no in (select changed.evaluation_no from changes.evaluations as changed)
            {% elif name == 'fct_evaluations' %}
                case_key in (select touched.case_key from intermediate.int_touched_keys as touched)
            {% else %}
                accepted_on in (select touched.accepted_on from intermediate.int_touched_cases as touched)
                and case_key in (select touched.case_key from intermediate.int_touched_cases as touched)
            {% endif %}
        ) as written
    {%- endif %}
{%- endmacro %}
