{% set groups = ["1", "2", "3", "4", "5"] %}
with supply as (

    select * from {{ ref('fct_municipal_supply_yearly') }}

),

counted as (

    select
        year,
        min(observed_months) as observed_months,
        {% for group in groups %}
            cast(sum(rsv_registered) filter (where municipality_group = '{{ group }}') as bigint) as rsv_group_{{ group }},
            cast(sum(target_persons) filter (where municipality_group = '{{ group }}') as bigint) as persons_group_{{ group }},
        {% endfor %}
        cast(sum(rsv_registered) filter (where municipality_group in ('1', '2', '3')) as bigint) as rsv_towns,
        cast(sum(target_persons) filter (where municipality_group in ('1', '2', '3')) as bigint) as persons_towns,
        cast(sum(rsv_registered) filter (where municipality_group in ('4', '5')) as bigint) as rsv_outskirts,
        cast(sum(target_persons) filter (where municipality_group in ('4', '5')) as bigint) as persons_outskirts,
        {{ gini("case when target_persons > 0 then rsv_registered / cast(target_persons as double) end", "municipality_code") }} as gini,
        {{ gini_by_chance("sum(rsv_registered) filter (where target_persons > 0)", "target_persons", "municipality_code") }} as gini_by_chance
    from supply
    group by year

),

rated as (

    select
        *,
        {% for group in groups %}
            1000.0 * cast(rsv_group_{{ group }} as double) / nullif(persons_group_{{ group }}, 0) as rate_group_{{ group }},
        {% endfor %}
        1000.0 * cast(rsv_towns as double) / nullif(persons_towns, 0) as rate_towns,
        1000.0 * cast(rsv_outskirts as double) / nullif(persons_outskirts, 0) as rate_outskirts,
        -- The share of towns in all registered RSV, from which the limits of the ratio of the two rates follow.
        {{ exact_share_lower("rsv_towns", "(rsv_towns + rsv_outskirts)") }} as towns_share_lower,
        {{ exact_share_upper("rsv_towns", "(rsv_towns + rsv_outskirts)") }} as towns_share_upper,
        cast(persons_outskirts as double) / nullif(persons_towns, 0) as persons_ratio
    from counted

),

final as (

    select
        year,
        observed_months,
        {% for group in groups %}
            rate_group_{{ group }},
        {% endfor %}
        rate_towns,
        rate_outskirts,
        rate_towns / nullif(rate_outskirts, 0) as ratio,
        case when persons_outskirts > 0 then towns_share_lower / nullif(1 - towns_share_lower, 0) * persons_ratio end as ratio_lower,
        -- Without an RSV in the outskirts the upper limit is infinite: null.
        case when persons_outskirts > 0 then towns_share_upper / nullif(1 - towns_share_upper, 0) * persons_ratio end as ratio_upper,
        gini,
        gini_by_chance
    from rated

)

select * from final
