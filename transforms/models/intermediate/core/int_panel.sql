{# One row per person who has months in the panel: the first and the last. The panel is the observed months before the month in which the person left.
   Its months are not a table: joined by the months, 59,000 persons did the work of 5 million rows. #}
with people as (
    select person_key from {{ ref('int_people') }}
),

exits as (
    select * from {{ ref('int_person_exits') }}
),

observed_months as (
    select
        min(month) as first_month,
        max(month) as last_month
    from {{ ref('int_months') }}
    where is_observed
),

panels as (
    select
        people.person_key,
        observed_months.first_month,
        least(observed_months.last_month, coalesce({{ add_months('exits.exit_month', -1) }}, observed_months.last_month)) as last_month
    from people
    inner join exits
        on people.person_key = exits.person_key
    cross join observed_months
),

final as (
    select * from panels
    where first_month <= last_month
)

select * from final
