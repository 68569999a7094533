with se_numbers as (
    select * from {{ ref('stg_se_numbers__periods') }}
),

final as (
    {{ resolve_periods('se_numbers', ['se_number'], ['enterprise_cvr'], 'line_number') | indent(4) }}
)

select * from final
