{# One row per person and month of the panel with a payroll line: the sums over employers (a view: read once). #}
{{ config(materialized='view') }}
with employer_months as (
    select * from {{ ref('int_employer_months') }}
),

final as (
    select
        person_key,
        month,
        cast(sum(ordinary_hours) as decimal(18, 4)) as ordinary_hours,
        cast(sum(supported_hours) as decimal(18, 4)) as supported_hours,
        cast(sum(imputed_hours) as decimal(18, 4)) as imputed_hours,
        cast(sum(wage_dkk) as decimal(18, 4)) as wage_dkk,
        cast(sum(case when hours > 0 then 1 else 0 end) as integer) as employers
    from employer_months
    group by person_key, month
)

select * from final
