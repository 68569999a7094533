{# Exact numbers. Inside the payroll chain hours and money are whole numbers of 1/10000; outside they are DECIMAL(18,4). #}

{# value x numerator / denominator as a whole number, rounded half away from zero. All three whole, the denominator above zero. #}
{% macro round_ratio(value, numerator, denominator) -%}
    cast(sign({{ value }}) * ((2 * abs({{ value }}) * ({{ numerator }}) + ({{ denominator }})) // (2 * ({{ denominator }}))) as bigint)
{%- endmacro %}

{# The same where the product can pass 64 bits. #}
{% macro round_ratio_wide(value, numerator, denominator) -%}
    cast(
        sign({{ value }})
        * ((2 * abs(cast({{ value }} as hugeint)) * ({{ numerator }}) + ({{ denominator }})) // (2 * cast({{ denominator }} as hugeint)))
        as bigint
    )
{%- endmacro %}

{# From 1/10000 to a decimal, and back. #}
{% macro to_decimal(value) %}cast(cast({{ value }} as decimal(18, 0)) * 0.0001 as decimal(18, 4)){% endmacro %}
{% macro to_ten_thousandths(value) %}cast(cast({{ value }} as decimal(38, 4)) * 10000 as bigint){% endmacro %}

{# A sum of whole numbers stays whole (the engine would give a wider type). #}
{% macro sum_whole(value) %}cast(sum({{ value }}) as bigint){% endmacro %}

{# A share: a double from exact numbers, null when the denominator is zero. #}
{% macro share(numerator, denominator) %}(cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)){% endmacro %}

{# The whole part of a quotient of whole numbers above zero. #}
{% macro whole_quotient(numerator, denominator) %}(({{ numerator }}) // ({{ denominator }})){% endmacro %}

{# Whole numbers from one to another, one row each: unnested in the select list of a model. #}
{% macro unnest_numbers(first_number, last_number) %}unnest(generate_series({{ first_number }}, {{ last_number }})){% endmacro %}

{# Equal, or both null. #}
{% macro is_same(left, right) %}({{ left }} is not distinct from {{ right }}){% endmacro %}
