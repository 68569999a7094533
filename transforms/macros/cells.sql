{#
  What the cells of public tables share: the marginal tables that are counted, and how persons spread over enterprises. Not here: measures, disclosure control (transforms/disclosure).
#}

{#
  A row a cell of each marginal table of a relation, as one query: `always` are columns that every cell has, `dimensions` those that may be all (column -> name), `margins` the tables, each a list of
  groupings of dimensions (`cube` or `rollup` of some), `values` what is counted. Tables share their margins, which stand once.
#}
{% macro marginal_counts(relation, always, dimensions, margins, values) -%}
    {%- for margin in margins -%}
    select
        {% for column in always %}{{ column }},
        {% endfor -%}
        {%- for column, name in dimensions.items() -%}
        {% if column in margin | join(' ') %}{{ each_with_all(column) }}{% else %}'all'{% endif %} as {{ name }},
        {% endfor -%}
        {{ values | join(',\n        ') }}
    from {{ relation }}
    group by {{ (always + margin) | join(', ') }}
    {%- if not loop.last %}
    union
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{#
  CTEs that end in `with_enterprises`: the columns of `cells` with `enterprises`, `largest_persons` and `second_persons`: how many known enterprises its persons are at, and the persons of the two with most.
  `at_enterprises` has the columns `keys` of the cell, enterprise_cvr, and persons.
#}
{% macro persons_by_enterprise(cells, at_enterprises, keys) -%}
    ranked_enterprises as (
        select
            *,
            row_number() over (partition by {{ keys | join(', ') }} order by persons desc, enterprise_cvr) as place
        from {{ at_enterprises }}
    ),

    spread as (
        select
            {% for key in keys %}{{ key }},
            {% endfor -%}
            count(*) as enterprises,
            max(case when place = 1 then persons end) as largest_persons,
            max(case when place = 2 then persons end) as second_persons
        from ranked_enterprises
        group by {{ keys | join(', ') }}
    ),

    with_enterprises as (
        select
            {{ cells }}.*,
            coalesce(spread.enterprises, 0) as enterprises,
            coalesce(spread.largest_persons, 0) as largest_persons,
            coalesce(spread.second_persons, 0) as second_persons
        from {{ cells }}
        left join spread
            on
                {% for key in keys -%}
                {{ cells }}.{{ key }} = spread.{{ key }}
                {%- if not loop.last %}
                and {% endif %}
                {%- endfor %}
    )
{%- endmacro %}

{#
  CTEs that end in `estimates`, as leave_one_out_errors takes them: the columns of `cells` with `estimate`, the share `events` / spells, and the deviations of those that leave out one cluster.
  `clusters` has the columns `keys` of the cell, cluster_name, spells and events.
#}
{% macro left_out_shares(cells, clusters, keys, events) -%}
    {# Enterprises with the same numbers leave the same estimate behind. #}
    like_clusters as (
        select
            {% for key in keys %}{{ key }},
            {% endfor -%}
            spells,
            events,
            count(*) as clusters
        from {{ clusters }}
        group by {{ keys | join(', ') }}, spells, events
    ),

    {# Left out the only enterprise, nothing remains and there is no estimate. #}
    left_out as (
        select
            {% for key in keys %}like_clusters.{{ key }},
            {% endfor -%}
            like_clusters.clusters,
            {{ share(cells ~ '.' ~ events ~ ' - like_clusters.events', cells ~ '.spells - like_clusters.spells') }}
            - {{ share(cells ~ '.' ~ events, cells ~ '.spells') }} as deviation
        from like_clusters
        inner join {{ cells }}
            on
                {% for key in keys -%}
                like_clusters.{{ key }} = {{ cells }}.{{ key }}
                {%- if not loop.last %}
                and {% endif %}
                {%- endfor %}
    ),

    deviations as (
        select
            {% for key in keys %}{{ key }},
            {% endfor -%}
            {{ sum_whole('clusters') }} as clusters,
            {{ exact_sum('clusters * deviation') }} as deviation_sum,
            {{ exact_sum('clusters * deviation * deviation') }} as deviation_square_sum,
            min(deviation) as deviation_min,
            max(deviation) as deviation_max
        from left_out
        group by {{ keys | join(', ') }}
    ),

    estimates as (
        select
            {{ cells }}.*,
            {{ share(cells ~ '.' ~ events, cells ~ '.spells') }} as estimate,
            deviations.clusters,
            deviations.deviation_sum,
            deviations.deviation_square_sum,
            deviations.deviation_min,
            deviations.deviation_max
        from {{ cells }}
        inner join deviations
            on
                {% for key in keys -%}
                {{ cells }}.{{ key }} = deviations.{{ key }}
                {%- if not loop.last %}
                and {% endif %}
                {%- endfor %}
    )
{%- endmacro %}

{# Every row of a relation in its own `spell_year` and in all years together, as `start_year` (0). #}
{% macro in_own_year_and_in_all(relation) -%}
    select
        *,
        spell_year as start_year
    from {{ relation }}
    union all
    select
        *,
        0 as start_year
    from {{ relation }}
{%- endmacro %}
