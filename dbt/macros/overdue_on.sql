{#- The published table macro marts.overdue_on(day): the cases that were overdue at the end of any day that the exports
    cover, as the figure overdue_open counts them: of sources that overdue figures cover, open and not paused. A day
    outside the data raises an error, because no rows would read as no overdue cases. -#}
{% macro create_overdue_on() -%}
    {{ return(adapter.dispatch('create_overdue_on', 'tongbao')()) }}
{%- endmacro %}
{% macro default__create_overdue_on() -%}{%- endmacro %}
{% macro duckdb__create_overdue_on() -%}
create or replace macro marts.overdue_on(day) as table (
    with covered as (
        select
            min(coverage.starts_on) filter (coverage.dataset = 'cases') as starts_on,
            min(coverage.covered_until) as covered_until
        from intermediate.int_coverage as coverage
    ),

    asked as (
        select
            case
                when cast(day as date) between covered.starts_on and covered.covered_until then cast(day as date)
                else error(format(
                    'overdue_on({}): the exports cover {} to {}', day, covered.starts_on, covered.covered_until
                ))
            end as day_on
        from covered
    )

    select
        asked.day_on,
        items.* exclude (days_over, days_over_legal, is_open, is_paused),
        {{ days_between('items.due_on', 'asked.day_on') }} as days_over,
        case
            when items.legal_due_on is not null
                then greatest({{ days_between('items.legal_due_on', 'asked.day_on') }}, 0)
        end as days_over_legal
    from asked
    inner join marts.fct_overdue_items as items
        on items.overdue_from_on <= asked.day_on
        and {{ predicate('open', 'items.', as_of_on='asked.day_on') }}
    where
        items.is_overdue_counted
        and not exists (
            select 1
            from marts.fct_case_pauses as pauses
            where
                pauses.case_key = items.case_key
                and pauses.started_on <= asked.day_on
                and (pauses.ended_on is null or pauses.ended_on > asked.day_on)
        )
);
comment on macro table marts.overdue_on is
    '某日超期未办 · the cases overdue at the end of a day, as the figure overdue_open counts them: overdue_on(''2022-06-20'')'
{%- endmacro %}
