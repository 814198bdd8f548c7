{#- Every value of the column is a `field` of the relation `to`. With `among` a delta looks only at rows
    that it may have written. -#}
{% test names_existing(model, column_name, to, field, among=none) %}
select tested_rows.{{ column_name }}
from {{ rows_to_test(model, among) if among else model }} as tested_rows
where
    tested_rows.{{ column_name }} is not null
    and tested_rows.{{ column_name }} not in (select existing.{{ field }} from {{ to }} as existing)
{% endtest %}
