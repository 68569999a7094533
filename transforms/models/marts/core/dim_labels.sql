with labels as (
    select * from {{ ref('int_labels') }}
),

final as (
    select
        code_list,
        code,
        label_da,
        label_en
    from labels
)

select * from final
