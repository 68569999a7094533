with benefits as (
    select * from {{ ref('int_person_month_benefits') }}
),

hours as (
    select * from {{ ref('int_person_month_hours') }}
),

hour_bands as (
    select * from {{ ref('dim_hour_bands') }}
),

{# Most months have no payroll line: their band is sought once. #}
banded_hours as (
    select
        hours.*,
        hour_bands.hour_band
    from hours
    inner join hour_bands
        on
            (hour_bands.hours_from_inclusive is null or hours.ordinary_hours >= hour_bands.hours_from_inclusive)
            and (hour_bands.hours_to_exclusive is null or hours.ordinary_hours < hour_bands.hours_to_exclusive)
),

band_without_hours as (
    select hour_band from hour_bands
    where
        (hours_from_inclusive is null or hours_from_inclusive <= 0)
        and (hours_to_exclusive is null or hours_to_exclusive > 0)
),

joined_months as (
    select
        benefits.person_key,
        benefits.month,
        coalesce(banded_hours.ordinary_hours, 0) as ordinary_hours,
        coalesce(banded_hours.supported_hours, 0) as supported_hours,
        coalesce(banded_hours.imputed_hours, 0) as imputed_hours,
        coalesce(banded_hours.wage_dkk, 0) as wage_dkk,
        coalesce(banded_hours.employers, 0) as employers,
        coalesce(banded_hours.hour_band, band_without_hours.hour_band) as hour_band,
        coalesce(banded_hours.ordinary_hours, 0) >= 1 as is_employed,
        benefits.benefit_weeks,
        benefits.unknown_weeks,
        benefits.weeks,
        benefits.education_or_leave_weeks,
        benefits.benefit_group
    from benefits
    cross join band_without_hours
    left join banded_hours
        on benefits.person_key = banded_hours.person_key and benefits.month = banded_hours.month
),

final as (
    select
        person_key,
        month,
        cast(ordinary_hours as decimal(18, 4)) as ordinary_hours,
        cast(supported_hours as decimal(18, 4)) as supported_hours,
        cast(imputed_hours as decimal(18, 4)) as imputed_hours,
        cast(wage_dkk as decimal(18, 4)) as wage_dkk,
        employers,
        hour_band,
        is_employed,
        is_employed and ordinary_hours < 87 and benefit_weeks > 0 as is_small_job,
        benefit_weeks,
        unknown_weeks,
        weeks,
        benefit_group,
        benefit_weeks = 0 and unknown_weeks = 0 as is_self_supporting,
        {# The first that holds: work, then supported work, then what the weeks say. #}
        case
            when hour_band = 4 then 'ordinary_117'
            when hour_band = 3 then 'ordinary_78'
            when hour_band = 2 then 'ordinary_39'
            when is_employed then 'ordinary_1'
            when supported_hours >= 1 or benefit_group in ('flex_job', 'skaane_job') then 'supported_work'
            when benefit_group in ('disability_pension', 'early_retirement') then benefit_group
            when benefit_group is not null then 'other_benefit'
            when education_or_leave_weeks > 0 then 'education_or_leave'
            when unknown_weeks > 0 then 'unknown'
            else 'no_known_income'
        end as labour_state
    from joined_months
)

select * from final
