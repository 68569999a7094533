{#
  One row per person of a trial and month in the panel: the month, and what has added up from the person's first month of the panel to it.
  A sum over any months of a trial is then a difference of two rows, however many trials a person is in. Hours and money in 1/10000, exact.
#}
with person_months as (
    select * from {{ ref('fct_person_months') }}
),

trial_people as (
    select person_key from {{ ref('int_effect_starts') }}
    where arm is not null
    union
    select person_key from {{ ref('int_effect_controls') }}
),

numbered_months as (
    select
        person_months.person_key,
        cast({{ month_number('person_months.month') }} as integer) as month_number,
        person_months.ordinary_hours,
        person_months.imputed_hours,
        {{ to_ten_thousandths('person_months.ordinary_hours') }} as hours,
        {{ to_ten_thousandths('person_months.wage_dkk') }} as wage,
        person_months.benefit_weeks,
        person_months.weeks,
        case when person_months.is_employed then 1 else 0 end as employed,
        person_months.is_self_supporting,
        person_months.labour_state,
        person_months.benefit_group,
        lag(person_months.benefit_group) over (partition by person_months.person_key order by person_months.month) as group_before
    from person_months
    inner join trial_people
        on person_months.person_key = trial_people.person_key
),

added_months as (
    select
        *,
        cast(sum(hours) over until_now as bigint) as hours_until,
        cast(sum(wage) over until_now as bigint) as wage_until,
        cast(sum(benefit_weeks) over until_now as bigint) as benefit_weeks_until,
        cast(sum(weeks) over until_now as bigint) as weeks_until,
        cast(sum(employed) over until_now as bigint) as employed_until,
        count(*) over until_now as months_until,
        case when benefit_group is not null then month_number - max(case when coalesce(group_before, '') != benefit_group then month_number end) over until_now + 1 else 0 end as months_on_group,
        sum(employed) over (partition by person_key order by month_number rows between 5 preceding and current row) as employed_of_six,
        sum(employed) over (partition by person_key order by month_number rows between 11 preceding and current row) as employed_of_twelve
    from numbered_months
    window until_now as (partition by person_key order by month_number rows between unbounded preceding and current row)
),

final as (
    select
        person_key,
        month_number,
        ordinary_hours,
        imputed_hours,
        employed,
        is_self_supporting,
        labour_state,
        hours_until,
        wage_until,
        benefit_weeks_until,
        weeks_until,
        employed_until,
        months_until,
        {# Months in a row with the month's benefit group, the month among them; 0 without one. #}
        months_on_group,
        {# The latest month so far that completed six employed months in a row, and six of twelve ending employed; null: none. #}
        max(case when employed_of_six = 6 then month_number end) over until_now as last_six_in_row,
        max(case when employed = 1 and employed_of_twelve >= 6 then month_number end) over until_now as last_six_of_twelve
    from added_months
    window until_now as (partition by person_key order by month_number rows between unbounded preceding and current row)
)

select * from final
