with spells as (
    select * from {{ ref('int_spells') }}
),

residence_periods as (
    select * from {{ ref('int_residence_periods') }}
),

benefit_runs as (
    select * from {{ ref('int_benefit_runs') }}
),

person_months as (
    select * from {{ ref('fct_person_months') }}
),

panel as (
    select * from {{ ref('int_panel') }}
),

{# Event months -3 to -1, each by itself: a join on equal months is what every engine does fast. #}
months_before as (
    {% for months in [3, 2, 1] -%}
        select
            spell_id,
            person_key,
            {{ add_months(month_of('start_date'), -months) }} as month
        from spells
        {%- if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
),

baselines as (
    select
        months_before.spell_id,
        count(*) as months,
        {{ to_ten_thousandths('sum(person_months.ordinary_hours)') }} as hours_amount
    from months_before
    inner join person_months
        on months_before.person_key = person_months.person_key and months_before.month = person_months.month
    group by months_before.spell_id
),

{# The ISO week before the one that holds the start, by its Thursday. A week that is no column of DREAM lies in no run. #}
weeks_before as (
    select
        spell_id,
        person_key,
        {{ add_days(thursday_of_week('start_date'), -7) }} as week_before
    from spells
),

benefits_before as (
    select
        weeks_before.spell_id,
        case
            when benefit_runs.person_key is null or benefit_runs.is_unknown then 'unknown'
            when benefit_runs.benefit_code is null then 'none'
            else benefit_runs.benefit_group
        end as benefit_group_before
    from weeks_before
    left join benefit_runs
        on
            weeks_before.person_key = benefit_runs.person_key
            and weeks_before.week_before between benefit_runs.first_week and benefit_runs.last_week
),

{# The spells of a person in order: start, then instrument, then CVR number, unknown last. #}
ordered_spells as (
    select
        spell_id,
        cast(row_number() over persons_spells as integer) as spell_number,
        row_number() over (partition by person_key, instrument order by start_date, enterprise_cvr nulls last) = 1 as is_first_of_instrument,
        lag(instrument) over persons_spells as previous_instrument,
        cast({{ days_between('lag(start_date) over persons_spells', 'start_date') }} as integer) as days_since_previous_start
    from spells
    window persons_spells as (partition by person_key order by start_date, instrument, enterprise_cvr nulls last)
),

final as (
    select
        spells.spell_id,
        spells.person_key,
        spells.instrument,
        spells.enterprise_cvr,
        spells.p_number,
        spells.enterprise_kind,
        spells.start_date,
        spells.end_date,
        spells.is_stale,
        spells.activities,
        spells.target_group,
        spells.regime,
        spells.municipality_code,
        residence_periods.municipality_code as residence_code,
        spells.planned_weekly_hours,
        spells.age_at_start,
        {{ age_band('spells.age_at_start') }} as age_band,
        spells.sex,
        benefits_before.benefit_group_before,
        case
            when baselines.months = 3 then {{ to_decimal(round_ratio('baselines.hours_amount', 1, 3)) }}
        end as baseline_hours,
        cast({{ months_between('spells.start_date', 'panel.last_month') }} as integer) as last_observed_event_month,
        ordered_spells.spell_number,
        ordered_spells.is_first_of_instrument,
        ordered_spells.previous_instrument,
        ordered_spells.days_since_previous_start
    from spells
    inner join benefits_before
        on spells.spell_id = benefits_before.spell_id
    inner join ordered_spells
        on spells.spell_id = ordered_spells.spell_id
    left join residence_periods
        on
            spells.person_key = residence_periods.person_key
            and spells.start_date between residence_periods.valid_from and residence_periods.valid_to
    left join baselines
        on spells.spell_id = baselines.spell_id
    left join panel
        on spells.person_key = panel.person_key
)

select * from final
