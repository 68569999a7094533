{# One row per rate with the years that take it: its own and, outside the list, those that it is nearest to (a tie: the earlier rate). In 1/10000 kroner an hour. #}
with rates as (
    select
        year,
        {{ to_ten_thousandths('dkk_per_hour') }} as amount_per_hour,
        lag(year) over (order by year) as year_before,
        lead(year) over (order by year) as year_after
    from {{ ref('wage_conversion_rates') }}
),

final as (
    select
        year,
        amount_per_hour,
        coalesce({{ whole_quotient('year_before + year', 2) }} + 1, 0) as year_from,
        coalesce({{ whole_quotient('year + year_after', 2) }}, 9999) as year_to
    from rates
)

select * from final
