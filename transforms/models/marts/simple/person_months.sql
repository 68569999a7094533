with months as (
    select * from {{ published('fct_person_months') }}
),

persons as (
    select * from {{ published('dim_persons') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        months.person_key,
        months.month,
        {{ label('persons.sex') }} as sex,
        persons.birth_year,
        months.ordinary_hours,
        months.supported_hours,
        months.imputed_hours,
        months.wage_dkk,
        months.employers,
        {{ label('months.hour_band') }} as hour_band,
        months.hour_band as hour_band_number,
        months.is_employed,
        months.is_small_job,
        {{ label('months.benefit_group') }} as benefit_group,
        months.benefit_weeks,
        months.weeks,
        months.is_self_supporting,
        {{ label('months.labour_state') }} as labour_state
    from months
    left join persons
        on months.person_key = persons.person_key
    {{ join_labels('sex_short', 'persons.sex') }}
    {{ join_labels('hour_band', 'months.hour_band') }}
    {{ join_labels('benefit_group', 'months.benefit_group') }}
    {{ join_labels('labour_state', 'months.labour_state') }}
)

select * from final
