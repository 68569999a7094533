with attributes as (
    select * from {{ ref('stg_enterprises__attributes') }}
),

life_periods as (
    select
        enterprise_cvr,
        valid_from,
        valid_to
    from attributes
    where attribute = 'life'
),

final as (
    {{ join_periods('life_periods', ['enterprise_cvr']) | indent(4) }}
)

select * from final
