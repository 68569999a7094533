{# One row per person, month of the panel and employer: the sums over lines as they are, before a negative sum is set to zero. In 1/10000.
   All lines of unresolved employers are one employer (enterprise_cvr null). #}
with pieces as (
    select * from {{ ref('int_payroll_pieces') }}
),

panel as (
    select * from {{ ref('int_panel') }}
),

months as (
    select * from {{ ref('int_months') }}
),

sums as (
    select
        person_key,
        month,
        enterprise_cvr,
        {{ sum_whole('hours_amount') }} as hours_amount,
        {{ sum_whole('case when is_imputed then hours_amount else 0 end') }} as imputed_amount,
        {{ sum_whole('wage_amount') }} as wage_amount
    from pieces
    group by person_key, month, enterprise_cvr
),

final as (
    select
        sums.*,
        months.weeks
    from sums
    inner join panel
        on sums.person_key = panel.person_key and sums.month between panel.first_month and panel.last_month
    inner join months
        on sums.month = months.month
)

select * from final
