{# One row per counter of counters.csv that arises in the models of core. #}
with placement_versions as (
    select * from {{ ref('int_placement_versions') }}
),

activities as (
    select * from {{ ref('int_activities') }}
),

superseded_lines as (
    select * from {{ ref('int_payroll_superseded_lines') }}
),

reversals as (
    select * from {{ ref('int_payroll_reversals') }}
),

reversed_lines as (
    select * from {{ ref('int_payroll_reversed_lines') }}
),

lines_left_out as (
    select * from {{ ref('int_payroll_lines_left_out') }}
),

payroll_lines_without_hours as (
    select * from {{ ref('stg_payroll__lines') }}
    where line_kind = 'I' and hours is null and not is_hours_missing
),

payroll_lines_repaired as (
    select * from {{ ref('stg_payroll__lines') }}
    where cpr_flags >= 4
),

income_types as (
    select indkomsttype as income_type from {{ ref('income_types') }}
    where is_wage_work
),

employer_sums as (
    select * from {{ ref('int_employer_month_sums') }}
),

exits as (
    select * from {{ ref('int_person_exits') }}
    where exit_reason = 'emigrated'
),

residences as (
    select * from {{ ref('stg_people__residences') }}
),

benefit_runs as (
    select * from {{ ref('int_benefit_runs') }}
),

benefit_rows as (
    select * from {{ ref('stg_benefits__rows') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

standing_versions as (
    select * from placement_versions
    where is_standing
),

{# A version that a row rule rejects, later than the one that stands. #}
activities_with_rejected_later_version as (
    select distinct standing_versions.activity_id
    from standing_versions
    inner join placement_versions
        on standing_versions.activity_id = placement_versions.activity_id
    where
        not placement_versions.is_accepted
        and placement_versions.is_up_to_cut_off
        and (
            placement_versions.registered_at > standing_versions.registered_at
            or (
                placement_versions.registered_at = standing_versions.registered_at
                and (
                    placement_versions.file_rank > standing_versions.file_rank
                    or (
                        placement_versions.file_rank = standing_versions.file_rank
                        and placement_versions.line_number > standing_versions.line_number
                    )
                )
            )
        )
),

{# Reversals name a target; one whose target meets a line has matched, whoever deleted it first. #}
matched_targets as (
    select distinct
        reference_id,
        person_key
    from reversed_lines
),

unmatched_reversals as (
    select reversals.line_number
    from reversals
    left join matched_targets
        on
            reversals.reference_id = matched_targets.reference_id
            and {{ is_same('reversals.person_key', 'matched_targets.person_key') }}
    where matched_targets.reference_id is null
),

lines_without_hours as (
    select
        payroll_lines_without_hours.delivery_id,
        payroll_lines_without_hours.line_number
    from payroll_lines_without_hours
    cross join build
    inner join income_types
        on payroll_lines_without_hours.income_type = income_types.income_type
    where cast(payroll_lines_without_hours.reported_at as date) <= build.as_of
),

standing_lines_without_hours as (
    select lines_without_hours.line_number
    from lines_without_hours
    left join lines_left_out
        on
            lines_without_hours.delivery_id = lines_left_out.delivery_id
            and lines_without_hours.line_number = lines_left_out.line_number
    where lines_left_out.delivery_id is null
),

{# A life that goes on after the emigration: a residence period that begins, or a week with a code that does not mean leaving. #}
people_returned as (
    select exits.person_key
    from exits
    inner join residences
        on exits.person_key = residences.person_key
    where residences.residence_from > exits.exit_date
    union
    select exits.person_key
    from exits
    inner join benefit_runs
        on exits.person_key = benefit_runs.person_key
    where benefit_runs.last_week > exits.exit_date and benefit_runs.benefit_code is not null and not benefit_runs.is_censoring
),

repaired_rows as (
    select count(*) as row_count from placement_versions
    where is_accepted and is_repaired
    union all
    select count(*) as row_count from residences
    where is_repaired
    union all
    select count(*) as row_count from benefit_rows
    where is_repaired
    union all
    select count(*) as row_count from payroll_lines_repaired
),

counted as (
    select
        'cpr_leading_zero' as counter,
        cast(sum(row_count) as decimal(18, 4)) as value
    from repaired_rows
    union all
    select
        'placement_start_before_2014' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from activities
    where start_date < cast('2014-01-01' as date)
    union all
    select
        'placement_older_version_stands' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from activities_with_rejected_later_version
    union all
    select
        'placement_stale' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from activities
    where is_stale
    union all
    select
        'payroll_line_repeated' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from superseded_lines
    where is_same_content
    union all
    select
        'payroll_line_replaced' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from superseded_lines
    where not is_same_content
    union all
    select
        'payroll_reversal_without_match' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from unmatched_reversals
    union all
    select
        'payroll_hours_missing_without_cross' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from standing_lines_without_hours
    union all
    select
        'person_month_negative_hours' as counter,
        {{ to_decimal('coalesce(' ~ sum_whole('-hours_amount') ~ ', 0)') }} as value
    from employer_sums
    where hours_amount < 0
    union all
    select
        'person_return_after_emigration' as counter,
        cast(count(*) as decimal(18, 4)) as value
    from people_returned
),

final as (
    select
        counter,
        value
    from counted
)

select * from final
