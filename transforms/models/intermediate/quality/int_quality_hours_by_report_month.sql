{# One row per work month, employer and run of months at whose end hours stand (valid_to is last_day() when they still do): sums over lines, in 1/10000 hours. #}
with fallen_lines as (
    select * from {{ ref('int_payroll_lines_of_people') }}
    where not is_standing
),

standing_months as (
    select * from {{ ref('int_quality_standing_months') }}
),

standing_pieces as (
    select * from {{ ref('int_payroll_pieces') }}
),

build as (
    select
        observed_from,
        payroll_through
    from {{ ref('stg_build') }}
),

spread_fallen_pieces as (
    {{ spread_over_months('fallen_lines', ['delivery_id', 'line_number', 'enterprise_cvr']) | indent(4) }}
),

pieces as (
    select
        delivery_id,
        line_number,
        enterprise_cvr,
        month,
        hours_amount,
        reported_month
    from standing_pieces
    union all
    select
        spread_fallen_pieces.delivery_id,
        spread_fallen_pieces.line_number,
        spread_fallen_pieces.enterprise_cvr,
        spread_fallen_pieces.month,
        spread_fallen_pieces.hours_amount,
        cast(null as date) as reported_month
    from spread_fallen_pieces
    cross join build
    where spread_fallen_pieces.month between build.observed_from and build.payroll_through
),

runs as (
    select
        pieces.month as work_month,
        pieces.enterprise_cvr,
        case when standing_months.delivery_id is null then pieces.reported_month else standing_months.valid_from end as valid_from,
        case when standing_months.delivery_id is null then {{ last_day() }} else standing_months.valid_to end as valid_to,
        pieces.hours_amount
    from pieces
    left join standing_months
        on pieces.delivery_id = standing_months.delivery_id and pieces.line_number = standing_months.line_number
),

final as (
    select
        work_month,
        enterprise_cvr,
        valid_from,
        valid_to,
        {{ sum_whole('hours_amount') }} as hours_amount
    from runs
    where valid_from is not null
    group by work_month, enterprise_cvr, valid_from, valid_to
)

select * from final
