{# One row per row of a person born after the cut-off, for the counts rule by rule. #}
with final as (
    select * from {{ ref('stg_born_after_cut_off') }}
)

select * from final
