{# One row per file and rule whose counts a build completes: what the file alone could not know is added, and what fell away with a rejection is taken off.
   A row counts under every rule that it breaks; soft rules look at accepted rows only. #}
with placement_versions as (
    select * from {{ ref('int_placement_versions') }}
),

payroll_lines as (
    select * from {{ ref('stg_payroll__lines') }}
),

people_rows as (
    select * from {{ ref('stg_people__residences') }}
),

rejected_rows as (
    select * from {{ ref('int_rejected_rows') }}
),

born_after_cut_off as (
    select
        *,
        case kind when 'forloeb' then 'placement' when 'eindkomst' then 'payroll' else kind end as dataset
    from {{ ref('int_rows_born_after_cut_off') }}
),

catalogue as (
    select * from {{ ref('stg_catalogue') }}
),

known_people as (
    select distinct person_key from people_rows
),

{# Activities that their file accepted and the build rejects are looked at by no soft rule. #}
placement_fallen as (
    select * from placement_versions
    where handling in ('O', 'A') and not is_rejected_by_file and not is_accepted
),

{# The same of the other kinds. Of placements they are among the fallen. #}
unborn_fallen as (
    select * from born_after_cut_off
    where kind in ('personer', 'dream', 'eindkomst') and not is_rejected_by_file and coalesce(row_class, 'I') = 'I'
),

{# With a birth after the cut-off the number is not valid: rules that need a valid one fall away. #}
unborn_breaking as (
    select
        born_after_cut_off.file_name,
        catalogue.rule
    from born_after_cut_off
    inner join catalogue
        on (born_after_cut_off.kind = 'forloeb' and catalogue.rule = 'placement.under_16') or (born_after_cut_off.kind = 'dream' and catalogue.rule = 'dream.second_row')
    where
        born_after_cut_off.is_rejected_by_file
        and (born_after_cut_off.kind = 'dream' or born_after_cut_off.row_class in ('O', 'A'))
        and {{ breaks_rule('born_after_cut_off.broken_rules', 'catalogue.bit_position') }}
),

lines_of_strangers as (
    select
        payroll_lines.file_name,
        count(*) as lines
    from payroll_lines
    left join known_people on payroll_lines.person_key = known_people.person_key
    where payroll_lines.line_kind = 'I' and known_people.person_key is null
    group by payroll_lines.file_name
),

changes as (
    {# Hard rules that a build decides, of every row with the right number of fields, rejected by its file or not. #}
    select
        file_name,
        rule,
        0 as looked_at,
        1 as failed
    from rejected_rows
    union all
    select
        file_name,
        rule,
        0 as looked_at,
        -1 as failed
    from unborn_breaking
    union all
    select
        file_name,
        'placement.cpr_without_modulus_11' as rule,
        -1 as looked_at,
        case when has_modulus_11 then 0 else -1 end as failed
    from placement_fallen
    where not is_constructed
    union all
    select
        file_name,
        'placement.cvr_contradicts_p_number' as rule,
        -1 as looked_at,
        0 as failed
    from placement_fallen
    union all
    select
        file_name,
        'placement.cvr_contradicts_p_number' as rule,
        0 as looked_at,
        1 as failed
    from placement_versions
    where handling in ('O', 'A') and is_cvr_contradicting_p_number
    union all
    select
        file_name,
        dataset || '.cpr_without_modulus_11' as rule,
        -1 as looked_at,
        case when has_modulus_11 then 0 else -1 end as failed
    from unborn_fallen
    where not is_constructed
    union all
    select
        file_name,
        'dream.unknown_code' as rule,
        -coded_weeks as looked_at,
        -unknown_code_weeks as failed
    from unborn_fallen
    where kind = 'dream'
    union all
    select
        file_name,
        'payroll.hours_over_400' as rule,
        -1 as looked_at,
        case when hours > 4000000 then -1 else 0 end as failed
    from unborn_fallen
    where kind = 'eindkomst'
    union all
    select
        file_name,
        'payroll.cpr_not_in_personer' as rule,
        -1 as looked_at,
        0 as failed
    from unborn_fallen
    where kind = 'eindkomst'
    union all
    select
        file_name,
        'payroll.cpr_not_in_personer' as rule,
        0 as looked_at,
        lines as failed
    from lines_of_strangers
),

final as (
    select
        file_name,
        rule,
        cast(sum(looked_at) as bigint) as rows_looked_at,
        cast(sum(failed) as bigint) as rows_failed
    from changes
    group by file_name, rule
)

select * from final
