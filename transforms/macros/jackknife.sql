{# Errors by leaving out one enterprise at a time (measures.md, progression). #}

{# The cluster of a spell: its enterprise; a spell without one is its own. #}
{% macro cluster_of(spells) %}coalesce({{ spells }}.enterprise_cvr, 'spell ' || {{ spells }}.spell_id){% endmacro %}

{# The three levels of a cell, each with `all`, of a query that groups by cube (enterprise_kind, instrument, target_group). #}
{% macro cell_levels() -%}
    {% for level in ['enterprise_kind', 'instrument', 'target_group'] -%}
    case when grouping({{ level }}) = 1 then 'all' else {{ level }} end as {{ level }}{% if not loop.last %},
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{#
  In: a relation with `keys`, one row a class of clusters: clusters (how many there are in it), left_out (the estimate without one of them).
  Out: keys, clusters, error (null with one cluster), are_equal (all left-out estimates within 1e-12).
  Sums are of decimals: the same rows give the same digits in any order.
#}
{% macro jackknife(relation, keys) -%}
    {%- set key_list = keys | join(', ') -%}
    with means as (
        select
            {{ key_list }},
            sum(clusters) as clusters,
            cast(sum(clusters * cast(left_out as decimal(28, 18))) as double) / sum(clusters) as mean_left_out,
            max(left_out) - min(left_out) <= 1e-12 as are_equal
        from {{ relation }}
        group by {{ key_list }}
    ),

    deviations as (
        select
            {% for key in keys %}means.{{ key }},
            {% endfor -%}
            cast(sum(left_outs.clusters * cast(power(left_outs.left_out - means.mean_left_out, 2) as decimal(28, 24))) as double) as squares
        from {{ relation }} as left_outs
        inner join means
            on
                {% for key in keys %}left_outs.{{ key }} = means.{{ key }}{% if not loop.last %}
                and {% endif %}{% endfor %}
        group by {% for key in keys %}means.{{ key }}{% if not loop.last %}, {% endif %}{% endfor %}
    )

    select
        {% for key in keys %}means.{{ key }},
        {% endfor -%}
        means.clusters,
        means.are_equal,
        case
            when means.clusters = 1 then null
            when means.are_equal then 0.0
            else sqrt(cast(means.clusters - 1 as double) / means.clusters * deviations.squares)
        end as standard_error
    from means
    inner join deviations
        on
            {% for key in keys %}means.{{ key }} = deviations.{{ key }}{% if not loop.last %}
            and {% endif %}{% endfor %}
{%- endmacro %}

{# 95 % limits of a share: exact for share x G in G where all left-out estimates are equal, else estimate -+ t(G-1) x error held to 0-1; null with one cluster. #}
{% macro limit_lower(share, errors) -%}
    case
        when {{ errors }}.clusters = 1 then null
        when {{ errors }}.are_equal then {{ exact_share_lower(share ~ ' * ' ~ errors ~ '.clusters', errors ~ '.clusters') }}
        else greatest(0.0, {{ share }} - {{ student_t_quantile('0.975', errors ~ '.clusters - 1') }} * {{ errors }}.standard_error)
    end
{%- endmacro %}

{% macro limit_upper(share, errors) -%}
    case
        when {{ errors }}.clusters = 1 then null
        when {{ errors }}.are_equal then {{ exact_share_upper(share ~ ' * ' ~ errors ~ '.clusters', errors ~ '.clusters') }}
        else least(1.0, {{ share }} + {{ student_t_quantile('0.975', errors ~ '.clusters - 1') }} * {{ errors }}.standard_error)
    end
{%- endmacro %}
