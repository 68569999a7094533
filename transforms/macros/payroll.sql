{# Spreading a payroll line over the months of its period in proportion to calendar days, rounded half away from zero a month, the last month taking the remainder.
   In: a relation with period_from, period_to, hours_amount, wage_amount (1/10000) and `columns`. Out: `columns`, month, piece_from, piece_to, period_days, line_hours_amount,
   hours_amount, wage_amount. Most lines lie in one month: only the others are cut. #}
{% macro spread_over_months(relation, columns) -%}
    with lines_in_one_month as (
        select
            {{ columns | join(',\n            ') }},
            {{ month_of('period_from') }} as month,
            period_from as piece_from,
            period_to as piece_to,
            {{ days_between('period_from', 'period_to') }} + 1 as period_days,
            hours_amount as line_hours_amount,
            hours_amount,
            wage_amount
        from {{ relation }}
        where {{ month_number('period_from') }} = {{ month_number('period_to') }}
    ),

    line_months as (
        select
            *,
            {{ unnest_months(month_of('period_from'), month_of('period_to')) }} as month,
            {{ days_between('period_from', 'period_to') }} + 1 as period_days
        from {{ relation }}
        where {{ month_number('period_from') }} < {{ month_number('period_to') }}
    ),

    shares_of_months as (
        select
            *,
            greatest(period_from, month) as piece_from,
            least(period_to, {{ month_end('month') }}) as piece_to,
            {{ round_ratio_wide('hours_amount', days_between('greatest(period_from, month)', 'least(period_to, ' ~ month_end('month') ~ ')') ~ ' + 1', 'period_days') }} as hours_share,
            {{ round_ratio_wide('wage_amount', days_between('greatest(period_from, month)', 'least(period_to, ' ~ month_end('month') ~ ')') ~ ' + 1', 'period_days') }} as wage_share
        from line_months
    ),

    remainders as (
        select
            *,
            sum(hours_share) over (partition by delivery_id, line_number) as hours_shares,
            sum(wage_share) over (partition by delivery_id, line_number) as wage_shares
        from shares_of_months
    )

    select * from lines_in_one_month
    union all
    select
        {{ columns | join(',\n        ') }},
        month,
        piece_from,
        piece_to,
        period_days,
        hours_amount as line_hours_amount,
        cast(case when piece_to = period_to then hours_amount - (hours_shares - hours_share) else hours_share end as bigint) as hours_amount,
        cast(case when piece_to = period_to then wage_amount - (wage_shares - wage_share) else wage_share end as bigint) as wage_amount
    from remainders
{%- endmacro %}
