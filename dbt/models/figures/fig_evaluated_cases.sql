-- of the cases finished in the span whose source is enrolled: how many were evaluated by its end,
-- and how many not merely by default
with first_evaluations as (
    select
        case_key,
        min(evaluated_on) as evaluated_on,
        min(case when not is_default then evaluated_on end) as actively_evaluated_on
    from {{ ref('fct_evaluations') }}
    where is_valid
    group by case_key
),

days as (
    select
        cases.finished_on,
        first_evaluations.evaluated_on,
        first_evaluations.actively_evaluated_on,
        count(*) as case_count
    from {{ ref('fct_cases') }} as cases
    left join first_evaluations on cases.case_key = first_evaluations.case_key
    where cases.is_enrolled and cases.finished_on is not null
    group by cases.finished_on, first_evaluations.evaluated_on, first_evaluations.actively_evaluated_on
),

totals as (
    select
        spans.starts_on,
        spans.as_of_on,
        'total' as dimension,
        'total' as member,
        sum(days.case_count) as case_count,
        sum(case when days.evaluated_on <= spans.as_of_on then days.case_count else 0 end) as evaluated_count,
        sum(
            case when days.actively_evaluated_on <= spans.as_of_on then days.case_count else 0 end
        ) as active_count
    from {{ ref('int_spans') }} as spans
    inner join days on days.finished_on between spans.starts_on and spans.as_of_on
    group by spans.starts_on, spans.as_of_on
)

{{ figures_of('evaluated_cases', 'totals') }}
