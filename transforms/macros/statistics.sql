{#
  The only way from a model to the functions of plugins/: another engine registers the same functions its own way, and only this file changes.
  Belongs here: quantiles, coefficients, seeded draws, and the intervals made of them. Not here: measures.
#}

{# Quantile of Student's t. #}
{% macro student_t_quantile(probability, degrees_of_freedom) -%}
    student_t_quantile(cast({{ probability }} as double), cast({{ degrees_of_freedom }} as double))
{%- endmacro %}

{# Quantile of the beta distribution; alpha and beta may be any number above 0. #}
{% macro beta_quantile(probability, alpha, beta) -%}
    beta_quantile(cast({{ probability }} as double), cast({{ alpha }} as double), cast({{ beta }} as double))
{%- endmacro %}

{# Lower 95 % limit of the share events / trials (Clopper-Pearson): 0 without events; null without trials. #}
{% macro exact_share_lower(events, trials) -%}
    case
        when {{ trials }} = 0 then null
        when {{ events }} = 0 then 0.0
        else {{ beta_quantile("0.025", events, "(" ~ trials ~ ") - (" ~ events ~ ") + 1") }}
    end
{%- endmacro %}

{# Upper 95 % limit of the share events / trials (Clopper-Pearson): 1 when every trial is an event; null without trials. #}
{% macro exact_share_upper(events, trials) -%}
    case
        when {{ trials }} = 0 then null
        when {{ events }} = {{ trials }} then 1.0
        else {{ beta_quantile("0.975", "(" ~ events ~ ") + 1", "(" ~ trials ~ ") - (" ~ events ~ ")") }}
    end
{%- endmacro %}

{# Gini coefficient of a column over the rows of a group, in the mean-difference form; rows without a value are left out. #}
{% macro gini(value, order_by) -%}
    gini(list(cast({{ value }} as double) order by {{ order_by }}) filter (where {{ value }} is not null))
{%- endmacro %}

{# What chance alone gives: `events` fall on the rows of a group in proportion to `weight`; the order of the rows decides the draws. #}
{% macro gini_by_chance(events, weight, order_by) -%}
    gini_by_chance(
        cast({{ events }} as bigint),
        list(cast({{ weight }} as bigint) order by {{ order_by }}) filter (where {{ weight }} > 0)
    )
{%- endmacro %}

{# The rows of a group as one list of structs. #}
{% macro list_of_rows(columns) -%}
    list({ {% for column in columns %}'{{ column }}': {{ column }}{{ ', ' if not loop.last }}{% endfor %} })
{%- endmacro %}

{# CTEs that end in `with_rows`: a row for each struct of a list, with the columns `keys` of the relation beside its `fields`. #}
{% macro rows_of_lists(relation, column, keys, fields) -%}
    unnested as (
        select
            {% for key in keys %}{{ key }}, {% endfor %}
            unnest({{ column }}) as one_row
        from {{ relation }}
    ),

    with_rows as (
        select
            {% for key in keys %}{{ key }}, {% endfor %}
            {% for field in fields %}one_row.{{ field }} as {{ field }}{{ ', ' if not loop.last }}{% endfor %}
        from unnested
    )
{%- endmacro %}

{# For each step of a cell: sum, sum of squares, smallest and largest deviation of the curves that leave out one cluster each from the whole one. #}
{% macro left_out_curve_deviations(steps, contributions) -%}
    left_out_curve_deviations({{ steps }}, {{ contributions }})
{%- endmacro %}
