with spells as (
    select * from {{ published('fct_placement_spells') }}
),

progression_horizons as (
    select * from {{ published('fct_progression_horizons') }}
),

milestones as (
    select * from {{ published('fct_milestones') }}
),

enterprises as (
    select * from {{ published('dim_enterprises') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

residences as (
    select * from {{ published('dim_municipalities') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

horizons as (
    select
        spell_id,
        max(case when horizon = 3 then status end) as status_3,
        max(case when horizon = 3 then ordinary_hours end) as ordinary_hours_3,
        max(case when horizon = 3 then hour_band end) as hour_band_3,
        max(case when horizon = 3 then is_employed end) as is_employed_3,
        max(case when horizon = 6 then status end) as status_6,
        max(case when horizon = 6 then ordinary_hours end) as ordinary_hours_6,
        max(case when horizon = 6 then hour_band end) as hour_band_6,
        max(case when horizon = 6 then is_employed end) as is_employed_6,
        max(case when horizon = 12 then status end) as status_12,
        max(case when horizon = 12 then ordinary_hours end) as ordinary_hours_12,
        max(case when horizon = 12 then hour_band end) as hour_band_12,
        max(case when horizon = 12 then is_employed end) as is_employed_12,
        max(case when horizon = 24 then status end) as status_24,
        max(case when horizon = 24 then ordinary_hours end) as ordinary_hours_24,
        max(case when horizon = 24 then hour_band end) as hour_band_24,
        max(case when horizon = 24 then is_employed end) as is_employed_24
    from progression_horizons
    group by spell_id
),

lasting as (
    select
        spell_id,
        max(case when milestone = 'lasting_six_in_row' then status end) as lasting_six_in_row_status,
        max(case when milestone = 'lasting_six_in_row' and status = 'event' then months end) as lasting_six_in_row_months,
        max(case when milestone = 'lasting_six_of_twelve' then status end) as lasting_six_of_twelve_status,
        max(case when milestone = 'lasting_six_of_twelve' and status = 'event' then months end) as lasting_six_of_twelve_months
    from milestones
    group by spell_id
),

final as (
    select
        spells.spell_id,
        spells.person_key,
        spells.start_date,
        spells.end_date,
        cast(extract(year from spells.start_date) as integer) as start_year,
        {{ label('spells.target_group') }} as target_group,
        {{ label('spells.instrument') }} as instrument,
        {{ label('spells.enterprise_kind') }} as enterprise_kind,
        spells.enterprise_cvr,
        enterprises.name as enterprise_name,
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        coalesce(municipalities.region, 'Ukendt') as region,
        coalesce(municipalities.municipality_group_label, 'Ukendt') as municipality_group,
        coalesce(residences.municipality, 'Ukendt') as residence,
        {{ label('spells.sex') }} as sex,
        spells.age_at_start,
        {{ label('spells.age_band') }} as age_band,
        {{ label('spells.benefit_group_before') }} as benefit_group_before,
        spells.planned_weekly_hours,
        spells.baseline_hours,
        {{ label("coalesce(horizons.status_3, 'not_observed')", 'status_3_labels') }} as status_3,
        horizons.ordinary_hours_3,
        {{ label('horizons.hour_band_3') }} as hour_band_3,
        case when horizons.status_3 is not null then coalesce(horizons.is_employed_3, false) end as is_employed_3,
        {{ label("coalesce(horizons.status_6, 'not_observed')", 'status_6_labels') }} as status_6,
        horizons.ordinary_hours_6,
        {{ label('horizons.hour_band_6') }} as hour_band_6,
        case when horizons.status_6 is not null then coalesce(horizons.is_employed_6, false) end as is_employed_6,
        {{ label("coalesce(horizons.status_12, 'not_observed')", 'status_12_labels') }} as status_12,
        horizons.ordinary_hours_12,
        {{ label('horizons.hour_band_12') }} as hour_band_12,
        case when horizons.status_12 is not null then coalesce(horizons.is_employed_12, false) end as is_employed_12,
        {{ label("coalesce(horizons.status_24, 'not_observed')", 'status_24_labels') }} as status_24,
        horizons.ordinary_hours_24,
        {{ label('horizons.hour_band_24') }} as hour_band_24,
        case when horizons.status_24 is not null then coalesce(horizons.is_employed_24, false) end as is_employed_24,
        {{ label("coalesce(lasting.lasting_six_in_row_status, 'not_at_risk')", 'lasting_six_in_row_labels') }} as lasting_six_in_row_status,
        lasting.lasting_six_in_row_months,
        cast(date_trunc('month', spells.start_date) + to_months(cast(lasting.lasting_six_in_row_months as integer)) as date) as lasting_six_in_row_month,
        {{ label("coalesce(lasting.lasting_six_of_twelve_status, 'not_at_risk')", 'lasting_six_of_twelve_labels') }} as lasting_six_of_twelve_status,
        lasting.lasting_six_of_twelve_months,
        cast(date_trunc('month', spells.start_date) + to_months(cast(lasting.lasting_six_of_twelve_months as integer)) as date) as lasting_six_of_twelve_month
    from spells
    left join horizons
        on spells.spell_id = horizons.spell_id
    left join lasting
        on spells.spell_id = lasting.spell_id
    {{ join_enterprise('spells.enterprise_cvr', 'spells.start_date') }}
    left join municipalities
        on spells.municipality_code = municipalities.municipality_code
    left join residences
        on spells.residence_code = residences.municipality_code
    {{ join_labels('target_group', 'spells.target_group') }}
    {{ join_labels('instrument', 'spells.instrument') }}
    {{ join_labels('kind_short', 'spells.enterprise_kind') }}
    {{ join_labels('sex_short', 'spells.sex') }}
    {{ join_labels('age_band', 'spells.age_band') }}
    {{ join_labels('benefit_group', 'spells.benefit_group_before') }}
    {{ join_labels('status', "coalesce(horizons.status_3, 'not_observed')", 'status_3_labels') }}
    {{ join_labels('hour_band', 'horizons.hour_band_3') }}
    {{ join_labels('status', "coalesce(horizons.status_6, 'not_observed')", 'status_6_labels') }}
    {{ join_labels('hour_band', 'horizons.hour_band_6') }}
    {{ join_labels('status', "coalesce(horizons.status_12, 'not_observed')", 'status_12_labels') }}
    {{ join_labels('hour_band', 'horizons.hour_band_12') }}
    {{ join_labels('status', "coalesce(horizons.status_24, 'not_observed')", 'status_24_labels') }}
    {{ join_labels('hour_band', 'horizons.hour_band_24') }}
    {{ join_labels('milestone_status', "coalesce(lasting.lasting_six_in_row_status, 'not_at_risk')", 'lasting_six_in_row_labels') }}
    {{ join_labels('milestone_status', "coalesce(lasting.lasting_six_of_twelve_status, 'not_at_risk')", 'lasting_six_of_twelve_labels') }}
)

select * from final
