with final as (
    select * from {{ ref('int_target_groups') }}
)

select * from final
