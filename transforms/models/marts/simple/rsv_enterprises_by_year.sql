with cells as (
    select * from {{ published('fct_rsv_enterprises_yearly') }}
),

enterprises as (
    select * from {{ published('dim_enterprises') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

final as (
    select
        cells.enterprise_cvr,
        enterprises.name as enterprise_name,
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        coalesce(municipalities.region, 'Ukendt') as region,
        coalesce(municipalities.municipality_group_label, 'Ukendt') as municipality_group,
        cells.year,
        cells.employees,
        cells.spells_started_community_service,
        cells.spells_started_flex_job,
        cells.spells_started_guidance_upskilling,
        cells.spells_started_job_rotation,
        cells.spells_started_mentor,
        cells.spells_started_small_job,
        cells.spells_started_wage_subsidy,
        cells.spells_started_work_trial,
        cells.persons_active,
        cells.citizens_unpaid,
        cells.guidance_persons,
        cells.guidance_persons_share,
        cells.is_second_actor
    from cells
    {{ join_enterprise('cells.enterprise_cvr', 'make_date(cells.year, 12, 31)') }}
    left join municipalities
        on enterprises.municipality_code = municipalities.municipality_code
)

select * from final
