{# The one row of the build, for marts: they never read staging. #}
with final as (
    select * from {{ ref('stg_build') }}
)

select * from final
