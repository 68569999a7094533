with used_rows as (
    {{ used_rows(source('lake', 'payroll_rows'), 'eindkomst') | indent(4) }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        report_id,
        line_id,
        line_kind,
        reference_id,
        se_number,
        p_number,
        person_key,
        birth_date,
        cpr_flags,
        income_type,
        payment_date,
        period_from,
        period_to,
        a_income_amount,
        a_income_other_amount,
        hours,
        is_hours_missing,
        reported_at,
        content_hash
    from used_rows
    cross join build
    where birth_date is null or birth_date <= as_of
)

select * from final
