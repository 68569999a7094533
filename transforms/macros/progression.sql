{# What the tables of progression share: cells, lists of months, errors by leaving out one enterprise at a time. Not here: measures. #}

{# A dimension of a cell under `group by cube`: its value, or `all`. #}
{% macro each_with_all(column) %}case when grouping({{ column }}) = 1 then 'all' else {{ column }} end{% endmacro %}

{# A relation of whole numbers, each once. #}
{% macro integers(numbers, column) -%}
    {% for number in numbers -%}
    select cast({{ number }} as integer) as {{ column }}
    {%- if not loop.last %}
    union
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{# A relation of the whole numbers from 1 up to `last`. #}
{% macro integers_up_to(last, column) %}select cast(unnest(generate_series(1, {{ last }})) as integer) as {{ column }}{% endmacro %}

{# The least of some numbers that is not below a value; null when all are. #}
{% macro least_not_below(value, numbers) %}case{% for number in numbers | sort %} when {{ value }} <= {{ number }} then {{ number }}{% endfor %} end{% endmacro %}

{# The event months of a group in which `condition` holds as bits of a number (up to month 50), and of a window of `length` months that ends in event_month: how many
   of its months those are, and the first of them. The lowest bit is month -11, so that every window has room. #}
{% macro months_as_bits(condition) %}
{%- if var('follow_up_months') | int > 50 %}{{ exceptions.raise_compiler_error('follow_up_months is ' ~ var('follow_up_months') ~ ': months are kept as bits of one number, which holds 50 at most') }}{% endif -%}
bit_or(case when {{ condition }} then cast(1 as bigint) << (event_month + 11) else 0 end){% endmacro %}
{% macro window_bits(bits, length) %}(({{ bits }} >> (event_month - {{ length }} + 12)) & {{ 2 ** length - 1 }}){% endmacro %}
{% macro months_of_window(bits, length) %}bit_count({{ window_bits(bits, length) }}){% endmacro %}
{% macro first_month_of_window(bits, length) -%}
    event_month - {{ length }} + 1 + bit_count(({{ window_bits(bits, length) }} & -{{ window_bits(bits, length) }}) - 1)
{%- endmacro %}

{# Sums of deviations in fixed point, exact and so in any order the same: a double's last digit would depend on it. #}
{% macro exact_sum(value, decimals=24) %}sum(cast({{ value }} as decimal(38, {{ decimals }}))){% endmacro %}

{#
  CTEs that end in `with_errors`: the columns of `estimates` with standard_error, ci_lower, ci_upper (95 %, held to 0-1).
  `estimates` has: estimate (DOUBLE, 0-1), clusters (G), and over the left-out estimates, taken as deviations from `estimate`: deviation_sum, deviation_square_sum,
  deviation_min, deviation_max (of each once a cluster). Error: square root of (G-1)/G x sum of (left-out estimate - their mean)^2. Where all are equal within 1e-12
  the error is 0 and the limits are exact for estimate x G in G. With one cluster all three are null.
  Rounded to 12 decimals: beyond that quantiles differ between versions of the library. They are asked for once for each distinct argument: a call costs more than a row.
#}
{% macro leave_one_out_errors(estimates) -%}
    errors as (
        select
            *,
            deviation_max - deviation_min <= 1e-12 as is_all_equal,
            {# Nine decimals: what is a whole number of clusters but for the last digits of the estimate is that number. #}
            round(estimate * clusters, 9) as share_of_clusters,
            sqrt(
                greatest(cast(deviation_square_sum as double) - cast(deviation_sum as double) * cast(deviation_sum as double) / clusters, 0)
                * (clusters - 1) / clusters
            ) as error
        from {{ estimates }}
    ),

    cluster_numbers as (
        select distinct clusters from errors
        where clusters > 1 and not is_all_equal
    ),

    quantiles as (
        select
            clusters,
            {{ student_t_quantile('0.975', 'clusters - 1') }} as reach
        from cluster_numbers
    ),

    exact_shares as (
        select distinct
            clusters,
            share_of_clusters
        from errors
        where clusters > 1 and is_all_equal
    ),

    exact_limits as (
        select
            clusters,
            share_of_clusters,
            {{ exact_share_lower('share_of_clusters', 'clusters') }} as lower_limit,
            {{ exact_share_upper('share_of_clusters', 'clusters') }} as upper_limit
        from exact_shares
    ),

    with_errors as (
        select
            errors.*,
            case
                when errors.clusters = 1 then null
                when errors.is_all_equal then 0.0
                else round(errors.error, 12)
            end as standard_error,
            case
                when errors.clusters = 1 then null
                when errors.is_all_equal then round(exact_limits.lower_limit, 12)
                else round(greatest(errors.estimate - quantiles.reach * errors.error, 0.0), 12)
            end as ci_lower,
            case
                when errors.clusters = 1 then null
                when errors.is_all_equal then round(exact_limits.upper_limit, 12)
                else round(least(errors.estimate + quantiles.reach * errors.error, 1.0), 12)
            end as ci_upper
        from errors
        left join quantiles
            on errors.clusters = quantiles.clusters
        left join exact_limits
            on errors.clusters = exact_limits.clusters and errors.share_of_clusters = exact_limits.share_of_clusters
    )
{%- endmacro %}

{#
  CTEs that end in `with_incidence`: the columns of `relation` with cumulative_incidence (Aalen-Johansen) along `time` within `curve`.
  `relation` has at_risk, events, competing. Survival is a product, taken as a sum of logarithms in fixed point so that it is the same in any order; once everybody is
  gone it is zero, which has no logarithm and is counted. With nobody at risk the curve goes on flat. Rounded to 14 decimals: the rest is noise of the logarithm.
#}
{% macro incidence(relation, curve, time) -%}
    hazards as (
        select
            *,
            case
                when at_risk > events + competing and events + competing > 0
                    then cast(ln(cast(at_risk - events - competing as double) / cast(at_risk as double)) as decimal(38, 20))
                else cast(0 as decimal(38, 20))
            end as log_survival,
            case when at_risk > 0 and at_risk = events + competing then 1 else 0 end as is_end
        from {{ relation }}
    ),

    survivals as (
        select
            *,
            case
                when sum(is_end) over before_now > 0 then 0.0
                else exp(cast(coalesce(sum(log_survival) over before_now, 0) as double))
            end as survival_before
        from hazards
        window before_now as (partition by {{ curve }} order by {{ time }} rows between unbounded preceding and 1 preceding)
    ),

    with_incidence as (
        select
            *,
            cast(
                round(
                    sum(cast(case when at_risk > 0 then survival_before * events / at_risk else 0.0 end as decimal(38, 20))) over (
                        partition by {{ curve }} order by {{ time }} rows between unbounded preceding and current row
                    ), 14
                ) as double
            ) as cumulative_incidence
        from survivals
    )
{%- endmacro %}
