{# What the cohorts of the effect share: the values of the protocol, seeded draws, cells. Not here: estimators. #}

{#
  What the cohorts take from transforms/protocol.yml, by name. The pipeline passes the file's own values as the variable `effect`; the defaults are for dbt by hand (and the
  linter), and a test holds them to the file.
#}
{% macro protocol(name) -%}
    {%- set defaults = {
        "age_from": 18,
        "age_to": 64,
        "months_before": 3,
        "families": ["A", "B"],
        "small_job_hours": 78,
        "comparator_kinds": ["private", "nonprofit", "public"],
        "instrument_families": {
            "work_trial": "work_trial_and_wage_subsidy",
            "wage_subsidy": "work_trial_and_wage_subsidy",
            "guidance_upskilling": "guidance_and_upskilling"
        },
        "town_groups": ["1", "2", "3"],
        "controls_per_treated": 20,
        "seed": 20170101,
        "first_event_month": -12,
        "last_event_month": 24
    } -%}
    {%- set given = var('effect', none) -%}
    {{ return((given if given is mapping else defaults)[name]) }}
{%- endmacro %}

{# A relation of the instruments that the protocol names, each with its family. (Values of the protocol are arguments here and below: the linter cannot nest `return`.) #}
{% macro instruments_of_families(instrument_families) -%}
    {%- for instrument, instrument_family in instrument_families.items() -%}
    select
        '{{ instrument }}' as instrument,
        '{{ instrument_family }}' as instrument_family
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{# Texts as the list of an `in`. #}
{% macro text_list(values) %}({% for value in values %}'{{ value }}'{% if not loop.last %}, {% endif %}{% endfor %}){% endmacro %}

{# A draw that hangs on nothing but its text: the first eight bytes of the MD5 of the text (UTF-8) as a little-endian number, halved: 0 to 2^63 - 1, the same in every build. #}
{% macro draw(text) %}cast(md5_number_upper({{ text }}) // 2 as bigint){% endmacro %}
{% macro largest_draw() %}9223372036854775807{% endmacro %}

{# The text of a person in a month under a purpose and a seed, for a draw. #}
{% macro draw_text(purpose, seed, person_key, month) %}concat('{{ purpose }}|{{ seed }}|', cast({{ person_key }} as varchar), '|', cast({{ month }} as varchar)){% endmacro %}

{# A calendar quarter as text. #}
{% macro quarter_text(day) %}concat(cast(extract(year from {{ day }}) as varchar), 'Q', cast(extract(quarter from {{ day }}) as varchar)){% endmacro %}

{# A cell in words: instrument, benefit group, quarter, towns or outskirts. #}
{% macro cell_text(instrument, benefit_group, quarter, is_town) -%}
    concat({{ instrument }}, '|', {{ benefit_group }}, '|', {{ quarter }}, '|', case when {{ is_town }} then 'towns' else 'outskirts' end)
{%- endmacro %}

{# The states of a month, in the order of fct_person_months. #}
{% macro labour_states() %}{{ return(['ordinary_117', 'ordinary_78', 'ordinary_39', 'ordinary_1', 'supported_work', 'disability_pension', 'early_retirement', 'other_benefit', 'education_or_leave', 'unknown', 'no_known_income']) }}{% endmacro %}

{# 1 or 0 as a double. #}
{% macro indicator(condition) %}cast(case when {{ condition }} then 1 else 0 end as double){% endmacro %}

{# One column a state, null where the outcome is censored. #}
{% macro state_indicators(states) -%}
    {%- for state in states -%}
case when not is_censored then {{ indicator("labour_state = '" ~ state ~ "'") }} end as state_{{ state }}
        {%- if not loop.last %},
{% endif -%}
    {%- endfor -%}
{%- endmacro %}

{# The windows of the covariates: name, nearest and farthest month before the start. `x` looks back from the start, `xp` from twelve months earlier. #}
{% macro covariate_windows() %}{{ return([['1_3', 1, 3], ['4_6', 4, 6], ['7_12', 7, 12], ['13_24', 13, 24]]) }}{% endmacro %}
{% macro covariate_prefixes() %}{{ return([['x', 0], ['xp', 12]]) }}{% endmacro %}

{# The months whose sums bound all windows: the nearest of each, and the one before its farthest. #}
{% macro covariate_bounds() %}{{ return([1, 4, 7, 13, 16, 19, 25, 37]) }}{% endmacro %}

{# What has added up by each bound, as columns; before the panel nothing has: no row, zero. #}
{% macro sums_at_bounds(bounds, prefixes) -%}
    {%- for months_back in bounds -%}
        {%- for sum in ['hours', 'benefit_weeks', 'weeks', 'months'] -%}
coalesce(max(case when bounds.months_back = {{ months_back }} then histories.{{ sum }}_until end), 0) as {{ sum }}_{{ months_back }}
            {%- if not loop.last %},
{% endif -%}
        {%- endfor -%}
        {%- if not loop.last %},
{% endif -%}
    {%- endfor -%}
    {%- for prefix, back in prefixes -%},
max(case when bounds.months_back = {{ 1 + back }} then histories.months_on_group end) as months_on_group_{{ 1 + back }}
    {%- endfor -%}
{%- endmacro %}

{# The first and the last week of months 3 to 1 before, or of those a year earlier. #}
{% macro first_week_before(month, back) %}{{ thursday_on_or_after(add_months(month, -3 - back)) }}{% endmacro %}
{% macro last_week_before(month, back) %}{{ thursday_on_or_before(add_days(add_months(month, -back), -1)) }}{% endmacro %}

{# The weeks of runs in those months, as columns. #}
{% macro weeks_before(prefixes) -%}
    {%- for prefix, back in prefixes -%}
sum(
    greatest(
        0,
        {{ weeks_from_to('greatest(runs.first_week, ' ~ first_week_before('trial_months.month', back) ~ ')', 'least(runs.last_week, ' ~ last_week_before('trial_months.month', back) ~ ')') }}
    )
) as {{ prefix }}_weeks
        {%- if not loop.last %},
{% endif -%}
    {%- endfor -%}
{%- endmacro %}

{# The person's starts in months 1 to 24 before, by instrument of the protocol, and of all others, as columns. #}
{% macro earlier_start_counts(prefixes, instruments) -%}
    {%- for prefix, back in prefixes -%}
        {%- set window = 'starts.month between ' ~ add_months('trial_months.month', -24 - back) ~ ' and ' ~ add_months('trial_months.month', -1 - back) -%}
        {%- for instrument in instruments -%}
sum(case when starts.instrument = '{{ instrument }}' and {{ window }} then 1 else 0 end) as {{ prefix }}_earlier_{{ instrument }},
{% endfor -%}
sum(case when starts.instrument not in {{ text_list(instruments) }} and {{ window }} then 1 else 0 end) as {{ prefix }}_earlier_other
        {%- if not loop.last %},
{% endif -%}
    {%- endfor -%}
{%- endmacro %}

{# The covariates as columns (months 1-3 before a start are in the panel by eligibility), of `sums`, `activity_ready_weeks`, `earlier_starts` and `build`. #}
{% macro covariate_values(prefixes, windows, instruments) -%}
    {%- for prefix, back in prefixes -%}
        {%- for name, nearest, farthest in windows -%}
            {%- set near, far = nearest + back, farthest + back + 1 -%}
            {%- set months = 'sums.months_' ~ near ~ ' - sums.months_' ~ far -%}
coalesce({{ share('sums.hours_' ~ near ~ ' - sums.hours_' ~ far, '10000 * (' ~ months ~ ')') }}, 0.0) as {{ prefix }}_hours_{{ name }},
coalesce({{ share('sums.benefit_weeks_' ~ near ~ ' - sums.benefit_weeks_' ~ far, 'sums.weeks_' ~ near ~ ' - sums.weeks_' ~ far) }}, 0.0) as {{ prefix }}_benefit_{{ name }},
            {%- if prefix ~ name != 'x1_3' %}
cast(case when {{ months }} < {{ farthest - nearest + 1 }} then 1 else 0 end as double) as {{ prefix }}_missing_{{ name }},
            {%- endif %}
{% endfor -%}
cast(least(coalesce(sums.months_on_group_{{ 1 + back }}, 0), 24) as double) as {{ prefix }}_months_on_group,
coalesce({{ share('activity_ready_weeks.' ~ prefix ~ '_weeks', weeks_from_to(first_week_before('sums.month', back), last_week_before('sums.month', back))) }}, 0.0) as {{ prefix }}_activity_ready,
        {%- for kind in instruments + ['other'] %}
cast(coalesce(earlier_starts.{{ prefix }}_earlier_{{ kind }}, 0) as double) as {{ prefix }}_earlier_{{ kind }},
        {%- endfor %}
cast(case when {{ add_months('sums.month', -24 - back) }} < build.placement_first_month then 1 else 0 end as double) as {{ prefix }}_missing_earlier
        {%- if not loop.last %},
{% endif -%}
    {%- endfor -%}
{%- endmacro %}

{# The same columns by name. #}
{% macro covariate_names(prefixes, windows, instruments) -%}
    {%- for prefix, back in prefixes -%}
        {%- for name, nearest, farthest in windows -%}
covariates.{{ prefix }}_hours_{{ name }},
covariates.{{ prefix }}_benefit_{{ name }},
            {%- if prefix ~ name != 'x1_3' %}
covariates.{{ prefix }}_missing_{{ name }},
            {%- endif %}
{% endfor -%}
covariates.{{ prefix }}_months_on_group,
covariates.{{ prefix }}_activity_ready,
        {%- for kind in instruments + ['other'] %}
covariates.{{ prefix }}_earlier_{{ kind }},
        {%- endfor %}
covariates.{{ prefix }}_missing_earlier
        {%- if not loop.last %},
{% endif -%}
    {%- endfor -%}
{%- endmacro %}
