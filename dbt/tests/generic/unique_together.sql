{#- No two rows agree in all of `columns`. With `among` a delta looks only at rows that it may have written,
    because grouping all of a long history costs more than the delta itself. -#}
{% test unique_together(model, columns, among=none) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ rows_to_test(model, among) if among else model }} as tested_rows
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
