with headcounts as (
    select * from {{ ref('stg_enterprises__headcounts') }}
),

{# The second list counts where both have the month; within a list the later entry. #}
ranked_headcounts as (
    select
        enterprise_cvr,
        month,
        employees,
        row_number() over (
            partition by enterprise_cvr, month
            order by case when list = 'new' then 1 else 0 end desc, position desc
        ) as headcount_rank
    from headcounts
    where employees is not null
),

final as (
    select
        enterprise_cvr,
        month,
        employees
    from ranked_headcounts
    where headcount_rank = 1
)

select * from final
