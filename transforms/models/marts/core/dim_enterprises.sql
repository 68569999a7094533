with enterprise_periods as (
    select * from {{ ref('int_enterprise_periods') }}
),

municipalities as (
    select * from {{ ref('int_municipalities') }}
),

final as (
    select
        enterprise_periods.enterprise_cvr,
        enterprise_periods.name,
        enterprise_periods.municipality_code,
        municipalities.region_code,
        municipalities.municipality_group,
        enterprise_periods.industry_code,
        enterprise_periods.legal_form,
        enterprise_periods.is_rsv,
        nullif(enterprise_periods.valid_from, {{ first_day() }}) as valid_from,
        nullif(enterprise_periods.valid_to, {{ last_day() }}) as valid_to
    from enterprise_periods
    left join municipalities
        on enterprise_periods.municipality_code = municipalities.municipality_code
)

select * from final
