-- a family has one row a span, dimension and member; a second row would count its figures twice
{% set families = [
    ref('fig_accepted'), ref('fig_accepted_share'), ref('fig_finished'), ref('fig_overdue_open'), ref('fig_items'),
    ref('fig_evaluations'), ref('fig_evaluated_cases'), ref('fig_certificates'), ref('fig_extended_service'),
    ref('fig_duty_ledger'), ref('fig_working_days'), ref('fig_county'), ref('fig_time_used')
] %}

{% for family in families %}
select
    '{{ family.identifier }}' as family,
    starts_on,
    as_of_on,
    dimension,
    member,
    count(*) as row_count
from {{ family }}
group by starts_on, as_of_on, dimension, member
having count(*) > 1
{{ 'union all' if not loop.last }}
{% endfor %}
