{#- A dictionary: name of a relation -> schema.name, as a proof writes it. -#}
{% macro names_of(relations) -%}
    {%- set names = {} -%}
    {%- for relation in relations -%}
        {%- do names.update({relation.identifier: relation.schema ~ '.' ~ relation.identifier}) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- A proof of the registry, or a condition of a dimension, with $unstated, $predicates and $relations replaced by SQL. `names` is the result of names_of for
    the relations that the model reads by ref(); without `names`, dbt's graph gives them. -#}
{% macro written_out(proof, names=none) -%}
    {%- if proof is none or proof is undefined -%}{{ return(none) }}{%- endif -%}
    {%- set text = namespace(sql=proof.replace('$unstated', "'" ~ var('unstated') ~ "'")) -%}
    {%- for name, condition in predicates().items() -%}
        {%- set text.sql = modules.re.sub('\\$' ~ name ~ '\\b', condition, text.sql) -%}
    {%- endfor -%}
    {%- for name in modules.re.findall('\\$((?:dim|fct)_\\w+)', text.sql) -%}
        {%- if names is none -%}
            {%- set node = graph.nodes['model.tongbao.' ~ name] -%}
        {%- elif name not in names -%}
            {{ exceptions.raise_compiler_error(
                "a proof of the registry reads $" ~ name ~ ": add ref('" ~ name ~ "') to figure_proofs.sql"
            ) }}
        {%- endif -%}
        {%- set text.sql = modules.re.sub(
            '\\$' ~ name ~ '\\b', names[name] if names else node.schema ~ '.' ~ node.alias, text.sql
        ) -%}
    {%- endfor -%}
    {{ return(text.sql) }}
{%- endmacro %}

{#- A template of the registry, filled for one row of figures: with the span of the period or (`base`) of the span that
    it is compared with, and with the condition on the member, if any, which follows an "and" in every template. -#}
{% macro filled(template, base) -%}
    replace(replace(replace(replace(replace(
        members.{{ template }},
        ' and $member', case when members.member_sql = 'true' then '' else ' and ' || members.member_sql end),
        ' and $whole', case when members.whole_sql = 'true' then '' else ' and ' || members.whole_sql end),
        '$starts_on', {{ literal("date '") }} || cast(members.{{ base }}starts_on as {{ text_type() }}) || {{ literal("'") }}),
        '$as_of_on', {{ literal("date '") }} || cast(members.{{ base }}as_of_on as {{ text_type() }}) || {{ literal("'") }}),
        '$period', {{ literal("'") }} || members.{{ base }}period || {{ literal("'") }})
{%- endmacro %}

{#- The first day of the span that a row of figures is compared with. There is none where the span begins before the
    first day of the figure's dataset, or where no export of the span supplies what the figure needs. -#}
{% macro base_starts_on(base) -%}
    case
            when periods.{{ base }}_starts_on < coverage.starts_on then null
            when definitions.covers_year
                and {{ year_before('periods.' ~ base ~ '_as_of_on') }} < {{ days_after('coverage.starts_on', -1) }} then null
            when figures.{{ base }}_value is not null or coalesce({{ base }}_member.is_supplied, {{ base }}.is_supplied)
                then periods.{{ base }}_starts_on
        end
{%- endmacro %}

{#- The proof of one value from filled templates. -#}
{% macro proof(measure, numerator_sql, denominator_sql) -%}
    case {{ measure }}
        when 'count' then {{ numerator_sql }}
        when 'ratio' then 'select numerator, denominator, '
            || 'cast(numerator as double precision) / nullif(denominator, 0) as value from (select ('
            || {{ numerator_sql }} || ') as numerator, (' || {{ denominator_sql }} || ') as denominator) as counted'
        when 'gap' then 'select numerator, denominator, numerator - denominator as value from (select ('
            || {{ numerator_sql }} || ') as numerator, (' || {{ denominator_sql }} || ') as denominator) as counted'
        when 'rank' then 'select (' || {{ numerator_sql }} || ') as numerator, ('
            || {{ denominator_sql }} || ') as value'
        when 'quantile' then 'select (' || {{ numerator_sql }} || ') as numerator, ('
            || {{ denominator_sql }} || ') as value'
    end
{%- endmacro %}
