{# One row per delivered placement row with the right number of fields: accepted by its file or not, the rules that only a build can decide, and whether
   it is the version that stands (of one activity the latest accepted one up to the cut-off). #}
with accepted_by_file as (
    select * from {{ ref('stg_placement__rows') }}
),

rejected_by_file as (
    select * from {{ ref('stg_placement__rejected') }}
),

people_rows as (
    select * from {{ ref('stg_people__residences') }}
),

owner_periods as (
    select * from {{ ref('int_unit_owner_periods') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

known_people as (
    select distinct person_key from people_rows
),

delivered_rows as (
    select
        {{ placement_row_columns() | indent(8) }},
        false as is_rejected_by_file
    from accepted_by_file
    union all
    select
        {{ placement_row_columns() | indent(8) }},
        true as is_rejected_by_file
    from rejected_by_file
    where has_right_fields
),

{# A birth after the cut-off makes the number not valid: the rules that need a valid number then say nothing. #}
judged_rows as (
    select
        delivered_rows.*,
        coalesce(delivered_rows.handling in ('O', 'A') and delivered_rows.birth_date > build.as_of, false) as is_cpr_invalid_at_cut_off,
        coalesce(
            delivered_rows.handling in ('O', 'A') and delivered_rows.birth_date <= build.as_of and known_people.person_key is null,
            false
        ) as is_cpr_not_in_personer,
        coalesce(
            delivered_rows.handling in ('O', 'A') and delivered_rows.start_date > {{ add_months('build.as_of', 12) }},
            false
        ) as is_start_too_late,
        coalesce(cast(delivered_rows.registered_at as date) <= build.as_of, false) as is_up_to_cut_off
    from delivered_rows
    cross join build
    left join known_people
        on delivered_rows.person_key = known_people.person_key
),

{# The first version that breaks no other rule says whose activity it is, whatever the cut-off. #}
ranked_rows as (
    select
        activity_id,
        person_key,
        row_number() over (partition by activity_id order by registered_at, file_rank, line_number) as version_rank
    from judged_rows
    where
        handling in ('O', 'A')
        and not is_rejected_by_file
        and not is_cpr_invalid_at_cut_off
        and not is_cpr_not_in_personer
        and not is_start_too_late
),

first_versions as (
    select
        activity_id,
        person_key
    from ranked_rows
    where version_rank = 1
),

compared_rows as (
    select
        judged_rows.*,
        coalesce(
            judged_rows.handling in ('O', 'A')
            and not judged_rows.is_cpr_invalid_at_cut_off
            and judged_rows.person_key <> first_versions.person_key,
            false
        ) as is_cpr_changed,
        owner_periods.enterprise_cvr as owner_cvr
    from judged_rows
    left join first_versions
        on judged_rows.activity_id = first_versions.activity_id
    left join owner_periods
        on
            judged_rows.p_number = owner_periods.p_number
            and judged_rows.start_date between owner_periods.valid_from and owner_periods.valid_to
),

decided_rows as (
    select
        *,
        not(
            is_rejected_by_file
            or is_cpr_invalid_at_cut_off
            or is_cpr_not_in_personer
            or is_start_too_late
            or is_cpr_changed
        ) as is_accepted
    from compared_rows
),

final as (
    select
        *,
        is_accepted and coalesce(cvr is not null and owner_cvr <> cvr, false) as is_cvr_contradicting_p_number,
        is_accepted and is_up_to_cut_off and row_number() over (
            partition by activity_id, is_accepted and is_up_to_cut_off
            order by registered_at desc, file_rank desc, line_number desc
        ) = 1 as is_standing
    from decided_rows
)

select * from final
