with instruments as (
    select * from {{ ref('instruments') }}
),

final as (
    select
        tilbudstype as instrument_code,
        instrument,
        instrument_da,
        is_company_based,
        employer_pays_wage,
        hours_kind,
        regime_side,
        max_months,
        certainty
    from instruments
)

select * from final
