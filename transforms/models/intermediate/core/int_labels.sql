with labels as (
    select * from {{ ref('labels') }}
),

benefit_codes as (
    select * from {{ ref('int_benefit_codes') }}
),

instruments as (
    select * from {{ ref('int_instruments') }}
),

target_groups as (
    select * from {{ ref('int_target_groups') }}
),

municipalities as (
    select * from {{ ref('int_municipalities') }}
),

hour_bands as (
    select * from {{ ref('hour_bands') }}
),

{# What somebody has written in labels.csv goes before the code list's own name: a code that is added to a list is named all the same. #}
named as (
    select
        code_list,
        code,
        label_da,
        label_en,
        1 as place
    from labels
    union all
    select
        'benefit_group' as code_list,
        benefit_group as code,
        min_by(benefit_group_da, priority) as label_da,
        null as label_en,
        2 as place
    from benefit_codes
    group by benefit_group
    union all
    select
        'instrument' as code_list,
        instrument as code,
        min(instrument_da) as label_da,
        null as label_en,
        2 as place
    from instruments
    group by instrument
    union all
    select
        'target_group' as code_list,
        target_group as code,
        min(target_group_da) as label_da,
        null as label_en,
        2 as place
    from target_groups
    group by target_group
    union all
    select
        'municipality_code' as code_list,
        municipality_code as code,
        municipality as label_da,
        municipality as label_en,
        2 as place
    from municipalities
    union all
    select
        'region_code' as code_list,
        region_code as code,
        min(region) as label_da,
        min(region) as label_en,
        2 as place
    from municipalities
    group by region_code
    union all
    select
        'hour_band' as code_list,
        cast(hour_band as varchar) as code,
        label as label_da,
        null as label_en,
        2 as place
    from hour_bands
),

ranked as (
    select
        *,
        row_number() over (partition by code_list, code order by place) as rank_of_place
    from named
),

final as (
    select
        code_list,
        code,
        label_da,
        label_en
    from ranked
    where rank_of_place = 1
)

select * from final
