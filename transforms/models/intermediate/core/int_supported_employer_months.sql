{# One row per person, month and employer with pieces of lines on days with supported hours; in 1/10000 hours, signed as the lines are. #}
with pieces as (
    select * from {{ ref('int_payroll_pieces') }}
),

supported_periods as (
    select * from {{ ref('int_supported_periods') }}
),

covered_pieces as (
    select
        pieces.person_key,
        pieces.month,
        pieces.enterprise_cvr,
        pieces.delivery_id,
        pieces.line_number,
        pieces.line_hours_amount,
        pieces.hours_amount,
        pieces.period_days,
        {{ days_between('pieces.piece_from', 'pieces.piece_to') }} + 1 as piece_days,
        sum({{ days_between(
            'greatest(pieces.piece_from, supported_periods.valid_from)',
            'least(pieces.piece_to, supported_periods.valid_to)'
        ) }} + 1) as covered_days
    from pieces
    inner join supported_periods
        on
            pieces.person_key = supported_periods.person_key
            and pieces.enterprise_cvr = supported_periods.enterprise_cvr
            and pieces.piece_from <= supported_periods.valid_to
            and pieces.piece_to >= supported_periods.valid_from
    group by
        pieces.person_key,
        pieces.month,
        pieces.enterprise_cvr,
        pieces.delivery_id,
        pieces.line_number,
        pieces.line_hours_amount,
        pieces.hours_amount,
        pieces.period_days,
        pieces.piece_from,
        pieces.piece_to
),

final as (
    select
        person_key,
        month,
        enterprise_cvr,
        {{ sum_whole(
            'case when covered_days = piece_days then hours_amount else '
            ~ round_ratio('line_hours_amount', 'cast(covered_days as bigint)', 'period_days')
            ~ ' end'
        ) }} as supported_amount
    from covered_pieces
    group by person_key, month, enterprise_cvr
)

select * from final
