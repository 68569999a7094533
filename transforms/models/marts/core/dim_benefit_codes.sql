with final as (
    select * from {{ ref('int_benefit_codes') }}
)

select * from final
