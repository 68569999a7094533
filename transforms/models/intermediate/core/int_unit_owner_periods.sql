with owners as (
    select * from {{ ref('stg_units__owners') }}
),

final as (
    {{ resolve_periods('owners', ['p_number'], ['enterprise_cvr'], 'position') | indent(4) }}
)

select * from final
