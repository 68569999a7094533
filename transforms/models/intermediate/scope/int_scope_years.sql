-- One row a year of the yearly tables: from the first placement month's to the cut-off's, with the days that count and the months observed in it.
with build as (

    select * from {{ ref('stg_build') }}

),

months as (

    select * from {{ ref('int_months') }}

),

spine as (

    select distinct cast(extract(year from spine_month) as integer) as year
    from (
        select {{ unnest_months(month_of("placement_first_month"), month_of("as_of")) }} as spine_month from build
    ) as months_of_placement

),

observed as (

    select
        year,
        count(*) as observed_months
    from months
    where is_observed
    group by year

),

final as (

    select
        spine.year,
        -- In the first year only what lies in or after the first placement month counts.
        greatest(make_date(spine.year, 1, 1), build.placement_first_month) as first_day,
        least(make_date(spine.year, 12, 31), build.as_of) as last_day,
        -- Years after the register's last day take its state of that day.
        least(make_date(spine.year, 12, 31), build.register_day) as register_day,
        cast(coalesce(observed.observed_months, 0) as integer) as observed_months
    from spine
    cross join build
    left join observed on spine.year = observed.year

)

select * from final
