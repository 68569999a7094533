with attributes as (
    select * from {{ ref('stg_enterprises__attributes') }}
),

municipalities as (
    select municipality_code from {{ ref('int_municipalities') }}
),

{# A municipality code outside the 98, from before 2007 say, is unknown for its period: the period stays, the value goes. #}
read_attributes as (
    select
        attributes.enterprise_cvr,
        attributes.attribute,
        case when attributes.attribute = 'municipality' then municipalities.municipality_code else attributes.value end as value,
        attributes.valid_from,
        attributes.valid_to,
        attributes.position
    from attributes
    left join municipalities
        on attributes.value = municipalities.municipality_code
    where attributes.attribute in ('name', 'municipality', 'industry', 'legal_form', 'status')
),

final as (
    {{ resolve_periods('read_attributes', ['enterprise_cvr', 'attribute'], ['value'], 'position') | indent(4) }}
)

select * from final
