with enterprises as (
    select * from {{ ref('stg_enterprises__rows') }}
),

final as (
    select
        enterprise_cvr,
        is_advertising_protected
    from enterprises
)

select * from final
