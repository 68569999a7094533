{# One row per person and month of the panel: the observed months before the month in which the person left. #}
with people as (
    select person_key from {{ ref('int_people') }}
),

exits as (
    select * from {{ ref('int_person_exits') }}
),

months as (
    select * from {{ ref('int_months') }}
    where is_observed
),

final as (
    select
        people.person_key,
        months.month,
        months.weeks
    from people
    inner join exits
        on people.person_key = exits.person_key
    inner join months
        on exits.exit_month is null or exits.exit_month > months.month
)

select * from final
