{# One row per person of the warehouse; everything but the key is null for those who have not left. #}
with residences as (
    select * from {{ ref('stg_people__residences') }}
),

people as (
    select person_key from {{ ref('int_people') }}
),

runs as (
    select * from {{ ref('int_benefit_runs') }}
    where is_censoring
),

{# A status without a date counts by DREAM alone. Same day: dead, emigrated, pension, in that order. #}
dated_exits as (
    select
        residences.person_key,
        residences.status_date as exit_date,
        case residences.status when '90' then 'dead' else 'emigrated' end as exit_reason,
        case residences.status when '90' then 1 else 2 end as reason_order
    from residences
    inner join people
        on residences.person_key = people.person_key
    where residences.status in ('80', '90') and residences.status_date is not null
    union all
    select
        person_key,
        first_week as exit_date,
        case benefit_group when 'dead' then 'dead' when 'emigrated' then 'emigrated' else 'pension' end as exit_reason,
        case benefit_group when 'dead' then 1 when 'emigrated' then 2 else 3 end as reason_order
    from runs
),

ranked_exits as (
    select
        person_key,
        exit_date,
        exit_reason,
        row_number() over (partition by person_key order by exit_date, reason_order) as exit_rank,
        min(case when exit_reason <> 'pension' then exit_date end) over (partition by person_key) as died_or_emigrated_date
    from dated_exits
),

final as (
    select
        people.person_key,
        ranked_exits.exit_date,
        {{ month_of('ranked_exits.exit_date') }} as exit_month,
        ranked_exits.exit_reason,
        ranked_exits.died_or_emigrated_date
    from people
    left join ranked_exits
        on people.person_key = ranked_exits.person_key and ranked_exits.exit_rank = 1
)

select * from final
