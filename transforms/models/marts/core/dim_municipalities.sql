with final as (
    select * from {{ ref('int_municipalities') }}
)

select * from final
