{#- What exports must supply before a figure can be counted: the lists `needs` of the registry. All needs of a list
    must be met. 'a or b' is met by either, 'a and b' by both together. `a` is a dataset, or dataset.column, or
    dataset.column=value: the value occurs unless a mapping gives all rows another one. $member stands for the member. -#}

{#- One entry for all of a figure's dimension (member none), and one for each member whose needs differ from it:
    {figure, dimension, member, needs, requirement}. `requirement` is the needs in one text. -#}
{% macro registered_needs() -%}
    {%- set found, dimensions = [], registered_dimensions() -%}
    {%- for figure in registered_figures() -%}
        {%- for key in figure.dimensions -%}
            {%- set needs = (figure.needs or []) + (dimensions[key].needs or []) -%}
            {%- set text = needs | join('; ') -%}
            {%- do found.append({'figure': figure.key, 'dimension': key, 'member': none,
                'requirement': text.replace('=$member', '')}) -%}
            {#- an occasional member has a row only where it occurs, so nothing need say that it can -#}
            {%- set occasional = dimensions[key].occasional or [] -%}
            {%- for member in (dimensions[key].members or []) if '$member' in text and member not in occasional -%}
                {%- do found.append({'figure': figure.key, 'dimension': key, 'member': member,
                    'requirement': text.replace('$member', member)}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- Every distinct requirement that asks for something, and every need by itself, in alphabetical order. -#}
{% macro registered_requirements() -%}
    {%- set found = {} -%}
    {%- for entry in registered_needs() -%}
        {%- for text in [entry.requirement] + needs_in(entry.requirement) if text -%}
            {%- do found.update({text: true}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found | sort) }}
{%- endmacro %}

{#- The needs of a requirement: none if the text is empty. -#}
{% macro needs_in(requirement) -%}
    {{ return(requirement.split('; ') if requirement else []) }}
{%- endmacro %}

{#- Condition on the rows of one source: they meet every need of the requirement. -#}
{% macro meets(requirement) -%}
    {%- for need in needs_in(requirement) -%}
        {{ ' and ' if not loop.first }}(
        {%- for option in need.split(' or ') -%}
            {{ ' or ' if not loop.first }}
            {%- for part in option.split(' and ') -%}
                {%- set name, _, value = part.partition('=') -%}
                {%- set is_told = "told = '" ~ name ~ "'" -%}
                {%- if value -%}
                    {%- set is_told = is_told ~ " and coalesce(constant_value, '" ~ value ~ "') = '" ~ value ~ "'" -%}
                {%- endif -%}
                {{ ' and ' if not loop.first }}{{ any_true(is_told) }}
            {%- endfor -%}
        {%- endfor -%})
    {%- endfor -%}
{%- endmacro %}

{#- The parts of all needs: {need, option_no, part_no, name, words}. `words` are Chinese words for a part that is no
    column of a contract, or for the value that it must have. -#}
{% macro registered_parts() -%}
    {%- set flags = {
        'cases.is_platform': '一网通办平台的办件', 'cases.is_overdue_counted': '纳入超期统计的来源的办件',
        'cases.is_enrolled': '接入好差评的来源的办件'
    } -%}
    {%- set found, dimensions = [], registered_dimensions() -%}
    {%- for need in registered_requirements() if '; ' not in need -%}
        {%- for option in need.split(' or ') -%}
            {%- set option_no = loop.index -%}
            {%- for part in option.split(' and ') -%}
                {%- set name, _, value = part.partition('=') -%}
                {%- set dataset, _, column = name.partition('.') -%}
                {%- set labels = (dimensions[column].members or {}) if column in dimensions else {} -%}
                {%- do found.append({'need': need, 'option_no': option_no, 'part_no': loop.index,
                    'dataset': dataset, 'column_name': column, 'flag_words': flags.get(name),
                    'value_words': (labels[value] if labels is mapping and value in labels else value) or none}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
