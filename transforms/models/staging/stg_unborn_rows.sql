{# Rows that their file accepted, of people born after the cut-off: only a build can see that the number is not valid. The other staging models leave them out. #}
with build as (
    select as_of from {{ ref('stg_build') }}
),

person_rows as (
    {{ used_rows(source('lake', 'person_rows'), 'personer') | indent(4) }}
),

benefit_rows as (
    {{ used_rows(source('lake', 'benefit_rows'), 'dream') | indent(4) }}
),

payroll_rows as (
    {{ used_rows(source('lake', 'payroll_rows'), 'eindkomst') | indent(4) }}
),

final as (
    select
        'personer' as dataset,
        file_name,
        line_number,
        cast(null as varchar) as line_kind,
        is_constructed,
        has_modulus_11,
        cast(null as bigint) as hours,
        cast(null as integer) as coded_weeks,
        cast(null as integer) as unknown_code_weeks
    from person_rows
    cross join build
    where birth_date > as_of
    union all
    select
        'dream' as dataset,
        file_name,
        line_number,
        cast(null as varchar) as line_kind,
        is_constructed,
        has_modulus_11,
        cast(null as bigint) as hours,
        coded_weeks,
        unknown_code_weeks
    from benefit_rows
    cross join build
    where birth_date > as_of
    union all
    select
        'payroll' as dataset,
        file_name,
        line_number,
        line_kind,
        cpr_flags & 1 = 1 as is_constructed,
        cpr_flags & 2 = 2 as has_modulus_11,
        hours,
        cast(null as integer) as coded_weeks,
        cast(null as integer) as unknown_code_weeks
    from payroll_rows
    cross join build
    where birth_date > as_of
)

select * from final
