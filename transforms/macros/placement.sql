{# What the contract says of placements and no model owns alone. #}

{# LAB_2 holds for every start before 1 January 2020, LAB_6 from then. #}
{% macro regime_at(start_date) %}case when {{ start_date }} < cast('2020-01-01' as date) then 'LAB_2' else 'LAB_6' end{% endmacro %}

{# Hours a week, minutes as sixtieths; both empty: unknown, one empty: zero. #}
{% macro planned_weekly_hours(hours, minutes) -%}
    case
        when {{ hours }} is not null or {{ minutes }} is not null
            then {{ to_decimal(round_ratio('coalesce(' ~ hours ~ ', 0) * 60 + coalesce(' ~ minutes ~ ', 0)', 10000, 60)) }}
    end
{%- endmacro %}

{# The kind of an enterprise on a day: RSV before its legal form; without a form that day, unknown. #}
{% macro enterprise_kind(is_rsv, legal_form) -%}
    case
        when {{ is_rsv }} then 'rsv'
        when {{ legal_form }} in ('230', '240', '250') then 'public'
        when {{ legal_form }} in ('90', '110', '115') then 'nonprofit'
        when {{ legal_form }} is not null then 'private'
        else 'unknown'
    end
{%- endmacro %}

{# The band of an age in whole years. #}
{% macro age_band(age) -%}
    case
        when {{ age }} < 25 then '16-24'
        when {{ age }} < 30 then '25-29'
        when {{ age }} < 40 then '30-39'
        when {{ age }} < 50 then '40-49'
        when {{ age }} < 60 then '50-59'
        else '60+'
    end
{%- endmacro %}
