{# One row per row and rule that only the build can decide and that rejects it. A row that its file rejects already is in it too, with is_rejected_by_file. #}
with placement_versions as (
    select * from {{ ref('int_placement_versions') }}
),

born_after_cut_off as (
    select * from {{ ref('int_rows_born_after_cut_off') }}
),

placement_rules as (
    {% for rule, flag in [
        ('placement.cpr_not_in_personer', 'is_cpr_not_in_personer'),
        ('placement.start_too_late', 'is_start_too_late'),
        ('placement.cpr_changed', 'is_cpr_changed'),
    ] -%}
        select
            'forloeb' as kind,
            delivery_id,
            file_name,
            line_number,
            '{{ rule }}' as rule,
            is_rejected_by_file
        from placement_versions
        where {{ flag }}
        {%- if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
),

number_rules as (
    select
        kind,
        delivery_id,
        file_name,
        line_number,
        case
            when kind = 'forloeb' then 'placement.cpr_invalid'
            when kind = 'eindkomst' and row_class = 'T' then 'payroll.reversal_cpr_invalid'
            when kind = 'eindkomst' then 'payroll.cpr_invalid'
            else kind || '.cpr_invalid'
        end as rule,
        is_rejected_by_file
    from born_after_cut_off
    where kind in ('personer', 'dream') or row_class in ('O', 'A', 'I', 'T')
),

final as (
    select * from placement_rules
    union all
    select * from number_rules
)

select * from final
