-- attributes overlap: none of them is a part of another
{{ figures_of('accepted', ref('int_accepted_totals')) }}
