{# One row per year from the first to the last of the list, with the rate of the nearest year in it (a tie: the earlier), in 1/10000 kroner an hour.
   Years before the first take the first, years after the last the last: first_year and last_year say which those are. #}
with rates as (
    select
        year,
        {{ to_ten_thousandths('dkk_per_hour') }} as amount_per_hour
    from {{ ref('wage_conversion_rates') }}
),

bounds as (
    select
        cast(min(year) as integer) as first_year,
        cast(max(year) as integer) as last_year
    from rates
),

years as (
    select
        {{ unnest_numbers('first_year', 'last_year') }} as year,
        first_year,
        last_year
    from bounds
),

ranked_rates as (
    select
        years.year,
        years.first_year,
        years.last_year,
        rates.amount_per_hour,
        row_number() over (partition by years.year order by abs(years.year - rates.year), rates.year) as rate_rank
    from years
    cross join rates
),

final as (
    select
        cast(year as integer) as year,
        first_year,
        last_year,
        amount_per_hour
    from ranked_rates
    where rate_rank = 1
)

select * from final
