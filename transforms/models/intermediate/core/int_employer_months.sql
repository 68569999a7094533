with sums as (
    select * from {{ ref('int_employer_month_sums') }}
),

supported_months as (
    select * from {{ ref('int_supported_employer_months') }}
),

flex_weeks as (
    select * from {{ ref('int_person_flex_weeks') }}
),

{# A negative sum of hours is set to zero; what is part of the hours is held between zero and the hours. #}
held_sums as (
    select
        sums.person_key,
        sums.month,
        sums.enterprise_cvr,
        sums.weeks,
        greatest(sums.hours_amount, 0) as hours_amount,
        least(greatest(sums.imputed_amount, 0), greatest(sums.hours_amount, 0)) as imputed_amount,
        least(greatest(coalesce(supported_months.supported_amount, 0), 0), greatest(sums.hours_amount, 0)) as supported_amount,
        sums.wage_amount
    from sums
    left join supported_months
        on
            sums.person_key = supported_months.person_key
            and sums.month = supported_months.month
            and sums.enterprise_cvr = supported_months.enterprise_cvr
),

{# The employer with most hours of the months with such weeks, which are few; a tie: the lowest CVR number, unresolved last. #}
ranked_employers as (
    select
        held_sums.person_key,
        held_sums.month,
        held_sums.enterprise_cvr,
        flex_weeks.flex_weeks,
        row_number() over (
            partition by held_sums.person_key, held_sums.month
            order by held_sums.hours_amount desc, held_sums.enterprise_cvr asc nulls last
        ) as employer_rank
    from held_sums
    inner join flex_weeks
        on held_sums.person_key = flex_weeks.person_key and held_sums.month = flex_weeks.month
),

{# Weeks with a flex-job or skånejob code outside any flex-job activity: that part of the largest employer's hours is supported at least. #}
filled_employers as (
    select
        held_sums.person_key,
        held_sums.month,
        held_sums.enterprise_cvr,
        held_sums.hours_amount,
        held_sums.imputed_amount,
        held_sums.wage_amount,
        case
            when ranked_employers.employer_rank = 1
                then greatest(
                    held_sums.supported_amount,
                    {{ round_ratio('held_sums.hours_amount', 'ranked_employers.flex_weeks', 'held_sums.weeks') }}
                )
            else held_sums.supported_amount
        end as supported_amount
    from held_sums
    left join ranked_employers
        on
            held_sums.person_key = ranked_employers.person_key
            and held_sums.month = ranked_employers.month
            and {{ is_same('held_sums.enterprise_cvr', 'ranked_employers.enterprise_cvr') }}
),

final as (
    select
        person_key,
        month,
        enterprise_cvr,
        {{ to_decimal('hours_amount') }} as hours,
        {{ to_decimal('hours_amount - supported_amount') }} as ordinary_hours,
        {{ to_decimal('supported_amount') }} as supported_hours,
        {{ to_decimal('imputed_amount') }} as imputed_hours,
        {{ to_decimal('wage_amount') }} as wage_dkk
    from filled_employers
)

select * from final
