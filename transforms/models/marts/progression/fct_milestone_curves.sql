with cell_months as (
    select * from {{ ref('int_milestone_steps') }}
),

left_out_curves as (
    select * from {{ ref('int_milestone_left_out_curves') }}
),

{# Between its steps nothing moves, neither the curve nor those that leave an enterprise out. Before the first step all of them are zero. #}
estimates as (
    select
        cell_months.enterprise_kind,
        cell_months.instrument,
        cell_months.target_group,
        cell_months.milestone,
        cell_months.months,
        cell_months.at_risk,
        cell_months.events,
        cell_months.competing,
        cell_months.censored,
        cell_months.cumulative_incidence as estimate,
        cell_months.clusters,
        coalesce(left_out_curves.deviation_sum, 0) as deviation_sum,
        coalesce(left_out_curves.deviation_square_sum, 0) as deviation_square_sum,
        coalesce(left_out_curves.deviation_min, 0) as deviation_min,
        coalesce(left_out_curves.deviation_max, 0) as deviation_max
    from cell_months
    left join left_out_curves
        on cell_months.cell_id = left_out_curves.cell_id and cell_months.step = left_out_curves.step
),

{{ leave_one_out_errors('estimates') }},

final as (
    select
        enterprise_kind,
        instrument,
        target_group,
        milestone,
        months,
        at_risk,
        events,
        competing,
        censored,
        clusters,
        estimate as cumulative_incidence,
        standard_error,
        ci_lower,
        ci_upper
    from with_errors
)

select * from final
