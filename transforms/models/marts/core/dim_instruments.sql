with final as (
    select * from {{ ref('int_instruments') }}
)

select * from final
