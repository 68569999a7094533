-- One row a month in which the register is looked at, with its day: the month's last, or the register's last day, where the months end.
with build as (

    select * from {{ ref('stg_build') }}

),

spine as (

    select
        {{ unnest_months(month_of("least(date '2015-01-01', placement_first_month, register_day)"), month_of("least(register_day, as_of)")) }} as month
    from build

),

final as (

    select
        spine.month,
        least({{ month_end("spine.month") }}, build.register_day, build.as_of) as register_day,
        -- In the register's last month "in the month" runs to the month's end or the cut-off.
        least({{ month_end("spine.month") }}, build.as_of) as last_day,
        spine.month >= build.placement_first_month as is_placement_delivered,
        spine.month >= {{ add_months("build.placement_first_month", 11) }} as is_twelve_months_delivered
    from spine
    cross join build

)

select * from final
