{{ figures_of('finished', ref('int_finished_totals')) }}
