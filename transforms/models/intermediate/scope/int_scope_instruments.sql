-- The instruments (several codes each) with what every measure of scope asks of them.
with instruments as (

    select * from {{ ref('int_instruments') }}

),

final as (

    select
        instrument,
        bool_or(is_company_based) as is_company_based,
        bool_or(employer_pays_wage) as is_paid_by_employer,
        bool_or(hours_kind = 'supported') as is_supported,
        bool_or(instrument = 'guidance_upskilling') as is_guidance
    from instruments
    group by instrument

)

select * from final
