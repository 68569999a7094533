with estimates as (
    select * from {{ ref('fct_effect_estimates') }}
),

event_study as (
    select * from {{ ref('fct_effect_event_study') }}
),

balance as (
    select * from {{ ref('fct_effect_balance') }}
),

diagnostics as (
    select * from {{ ref('fct_effect_diagnostics') }}
),

words as (
    select * from {{ ref('reasons') }}
),

labels as (
    select * from {{ ref('int_labels') }}
),

given as (
    select reason
    from estimates
    where reason is not null
    union
    select reason
    from event_study
    where reason is not null
    union
    select reason
    from balance
    where reason is not null
    union
    select reason
    from diagnostics
    where reason is not null
),

split as (
    select
        reason,
        string_split(reason, '; ') as parts
    from given
),

parts as (
    select
        reason,
        unnest(parts) as part,
        generate_subscripts(parts, 1) as place
    from split
),

{# "outside the limits: largest_difference 0.461 (at most 0.1), ...": a figure and its limit each. #}
lists as (
    select
        reason,
        place,
        string_split(substr(part, length('outside the limits: ') + 1), ', ') as items
    from parts
    where starts_with(part, 'outside the limits: ')
),

broken as (
    select
        reason,
        place,
        unnest(items) as item,
        generate_subscripts(items, 1) as item_place
    from lists
),

broken_words as (
    select
        broken.reason,
        broken.place,
        string_agg(
            coalesce(labels.label_da, split_part(broken.item, ' ', 1)) || case
                when split_part(broken.item, ' ', 2) = 'unknown' then ': kan ikke ses'
                else
                    ' ' || {{ danish_number("split_part(broken.item, ' ', 2)") }}
                    || case when broken.item like '%(at most %' then ' (højst ' else ' (mindst ' end
                    || {{ danish_number("regexp_extract(broken.item, '([^ ]+)\\)$', 1)") }} || ')'
            end, ', '
            order by broken.item_place
        ) as words_da
    from broken
    left join labels
        on labels.code_list = 'diagnostic' and split_part(broken.item, ' ', 1) = labels.code
    group by broken.reason, broken.place
),

{# The first pattern that a part fits gives its words; what is not known stands as it was written. #}
told as (
    select
        parts.reason,
        parts.place,
        parts.part,
        min_by(regexp_replace(parts.part, '^.*?' || words.pattern || '.*$', words.words_da), words.position) as words_da
    from parts
    left join words
        on regexp_matches(parts.part, words.pattern)
    group by parts.reason, parts.place, parts.part
),

final as (
    select
        code_list,
        code,
        label_da
    from labels
    where
        code_list in (
            'arm', 'design', 'instrument', 'family', 'specification', 'outcome', 'estimator', 'gate', 'diagnostic', 'verdict',
            'subgroup_by', 'target_group', 'age_band', 'sex', 'municipality_group'
        )
    union all
    select
        'reason' as code_list,
        told.reason as code,
        string_agg(coalesce(broken_words.words_da, told.words_da, told.part), '; ' order by told.place) as label_da
    from told
    left join broken_words
        on told.reason = broken_words.reason and told.place = broken_words.place
    group by told.reason
)

select * from final
