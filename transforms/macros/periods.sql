{# Periods of days, both ends counted. In: null is open. Out: never null, open is first_day() or last_day(). A period that ends before it begins covers no day. #}

{# Per key, for every day the one period that counts: of those that cover it the one that starts latest, of several that start on one day the later in `position`. Non-overlapping. #}
{% macro resolve_periods(relation, keys, values, position, from_column='valid_from', to_column='valid_to') -%}
    {%- set key_list = keys | join(', ') -%}
    with delivered_periods as (
        select
            {{ key_list }},
            {% for value in values %}{{ value }},
            {% endfor -%}
            {{ position }} as period_position,
            coalesce({{ from_column }}, {{ first_day() }}) as valid_from,
            coalesce({{ to_column }}, {{ last_day() }}) as valid_to
        from {{ relation }}
        where coalesce({{ from_column }}, {{ first_day() }}) <= coalesce({{ to_column }}, {{ last_day() }})
    ),

    {# Most keys have no overlap: only those that have are cut up. #}
    compared_periods as (
        select
            *,
            max(valid_to) over (
                partition by {{ key_list }} order by valid_from, period_position rows between unbounded preceding and 1 preceding
            ) >= valid_from as begins_inside_another
        from delivered_periods
    ),

    flagged_periods as (
        select
            *,
            coalesce(max(case when begins_inside_another then 1 else 0 end) over (partition by {{ key_list }}), 0) = 1 as has_overlap
        from compared_periods
    ),

    boundaries as (
        select
            {{ key_list }},
            valid_from as boundary
        from flagged_periods
        where has_overlap
        union
        select
            {{ key_list }},
            {{ add_days('valid_to', 1) }} as boundary
        from flagged_periods
        where has_overlap and valid_to < {{ last_day() }}
    ),

    slices as (
        select
            {{ key_list }},
            boundary as slice_from,
            coalesce(
                {{ add_days('lead(boundary) over (partition by ' ~ key_list ~ ' order by boundary)', -1) }},
                {{ last_day() }}
            ) as slice_to
        from boundaries
    ),

    ranked_slices as (
        select
            {% for key in keys %}slices.{{ key }},
            {% endfor -%}
            {% for value in values %}flagged_periods.{{ value }},
            {% endfor -%}
            slices.slice_from,
            slices.slice_to,
            row_number() over (
                partition by {% for key in keys %}slices.{{ key }}, {% endfor %}slices.slice_from
                order by flagged_periods.valid_from desc, flagged_periods.period_position desc
            ) as slice_rank
        from slices
        inner join flagged_periods
            on
                {% for key in keys %}slices.{{ key }} = flagged_periods.{{ key }}
                and {% endfor %}slices.slice_from between flagged_periods.valid_from and flagged_periods.valid_to
        where flagged_periods.has_overlap
    )

    select
        {{ key_list }},
        {% for value in values %}{{ value }},
        {% endfor -%}
        valid_from,
        valid_to
    from flagged_periods
    where not has_overlap
    union all
    select
        {{ key_list }},
        {% for value in values %}{{ value }},
        {% endfor -%}
        slice_from as valid_from,
        slice_to as valid_to
    from ranked_slices
    where slice_rank = 1
{%- endmacro %}

{# Per key the days that any period covers, as few periods as possible. #}
{% macro join_periods(relation, keys, from_column='valid_from', to_column='valid_to') -%}
    {%- set key_list = keys | join(', ') -%}
    with delivered_periods as (
        select
            {{ key_list }},
            coalesce({{ from_column }}, {{ first_day() }}) as valid_from,
            coalesce({{ to_column }}, {{ last_day() }}) as valid_to
        from {{ relation }}
        where coalesce({{ from_column }}, {{ first_day() }}) <= coalesce({{ to_column }}, {{ last_day() }})
    ),

    compared_periods as (
        select
            *,
            max(valid_to) over (
                partition by {{ key_list }} order by valid_from, valid_to rows between unbounded preceding and 1 preceding
            ) as latest_end_before
        from delivered_periods
    ),

    numbered_periods as (
        select
            *,
            sum(
                case when latest_end_before is not null and {{ days_between('latest_end_before', 'valid_from') }} <= 1 then 0 else 1 end
            ) over (partition by {{ key_list }} order by valid_from, valid_to rows between unbounded preceding and current row) as island
        from compared_periods
    )

    select
        {{ key_list }},
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from numbered_periods
    group by {{ key_list }}, island
{%- endmacro %}

{# The days of the periods in `relation` that none in `taken_away` covers. Both without overlap (join_periods). #}
{% macro subtract_periods(relation, taken_away, keys) -%}
    with begins as (
        select
            {{ keys | join(', ') }},
            valid_from,
            valid_to
        from {{ relation }}
        union all
        select
            {% for key in keys %}kept_periods.{{ key }},
            {% endfor -%}
            {{ add_days('taken_periods.valid_to', 1) }} as valid_from,
            kept_periods.valid_to
        from {{ relation }} as kept_periods
        inner join {{ taken_away }} as taken_periods
            on
                {% for key in keys %}kept_periods.{{ key }} = taken_periods.{{ key }}
                and {% endfor %}taken_periods.valid_to >= kept_periods.valid_from
                and taken_periods.valid_to < kept_periods.valid_to
    ),

    remainders as (
        select
            {% for key in keys %}begins.{{ key }},
            {% endfor -%}
            begins.valid_from,
            coalesce(
                {{ add_days('min(taken_periods.valid_from)', -1) }},
                begins.valid_to
            ) as last_day_left
        from begins
        left join {{ taken_away }} as taken_periods
            on
                {% for key in keys %}begins.{{ key }} = taken_periods.{{ key }}
                and {% endfor %}taken_periods.valid_to >= begins.valid_from
                and taken_periods.valid_from <= begins.valid_to
        group by {% for key in keys %}begins.{{ key }}, {% endfor %}begins.valid_from, begins.valid_to
    )

    select
        {{ keys | join(', ') }},
        valid_from,
        last_day_left as valid_to
    from remainders
    where valid_from <= last_day_left
{%- endmacro %}
