with build as (
    select * from {{ ref('int_build') }}
),

municipalities as (
    select * from {{ ref('int_municipalities') }}
),

deliveries as (
    select * from {{ ref('stg_deliveries') }}
    where kind = 'forloeb' and outcome = 'used'
),

months as (
    select {{ unnest_months(month_of('placement_first_month'), month_of('as_of')) }} as month from build
),

delivered_months as (
    select distinct
        municipality_code,
        period as month
    from deliveries
),

final as (
    select
        municipalities.municipality_code,
        months.month,
        delivered_months.month is not null as is_delivered
    from municipalities
    cross join months
    left join delivered_months
        on municipalities.municipality_code = delivered_months.municipality_code and months.month = delivered_months.month
)

select * from final
