with target_groups as (
    select * from {{ ref('target_groups') }}
),

final as (
    select
        regime,
        maalgruppe as target_group_number,
        target_group,
        target_group_da,
        valid_from,
        valid_to,
        certainty
    from target_groups
)

select * from final
