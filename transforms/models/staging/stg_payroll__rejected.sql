with used_rows as (
    {{ used_rows(source('lake', 'payroll_rejected'), 'eindkomst') | indent(4) }}
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
        content_hash,
        broken_rules,
        has_right_fields
    from used_rows
)

select * from final
