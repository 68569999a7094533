with rsv as (
    select * from {{ ref('stg_enterprises__rsv') }}
),

attribute_periods as (
    select * from {{ ref('int_enterprise_attribute_periods') }}
),

flag_periods as (
    {{ join_periods('rsv', ['enterprise_cvr']) | indent(4) }}
),

sole_proprietor_forms as (
    select
        enterprise_cvr,
        valid_from,
        valid_to
    from attribute_periods
    where attribute = 'legal_form' and value in ('10', '15')
),

sole_proprietor_periods as (
    {{ join_periods('sole_proprietor_forms', ['enterprise_cvr']) | indent(4) }}
),

{# A sole proprietor cannot be a registered social enterprise by law: those days of the flag are taken away. #}
final as (
    {{ subtract_periods('flag_periods', 'sole_proprietor_periods', ['enterprise_cvr']) | indent(4) }}
)

select * from final
