{# One row per standing line and month of its period, from the first observed month to the last complete month of payroll. Hours and pay in 1/10000. #}
with build as (
    select
        observed_from,
        payroll_through
    from {{ ref('stg_build') }}
),

pieces as (
    {{ spread_over_months(ref('int_payroll_lines_standing'), ['delivery_id', 'line_number', 'person_key', 'enterprise_cvr', 'is_imputed', 'reported_month']) | indent(4) }}
),

final as (
    select pieces.*
    from pieces
    cross join build
    where pieces.month between build.observed_from and build.payroll_through
)

select * from final
