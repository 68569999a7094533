{#
  One row per person, month and instrument drawn as a control (N): who starts nothing in the month and could have.
  Per cell of R starts, drawn without replacement in the order of a seeded hash; `sampling_weight` is those who could be drawn over those who were.
#}
with eligible_months as (
    select * from {{ ref('int_effect_eligible_months') }}
),

starts as (
    select * from {{ ref('int_effect_starts') }}
),

coverage as (
    select
        municipality_code,
        month
    from {{ ref('int_placement_coverage') }}
    where is_delivered
),

municipalities as (
    select
        municipality_code,
        municipality_group,
        municipality_group in {{ text_list(protocol('town_groups')) }} as is_town
    from {{ ref('int_municipalities') }}
),

{# A target week covers its Monday to its Sunday. #}
target_days as (
    select
        person_key,
        {{ add_days('first_week', -3) }} as valid_from,
        {{ add_days('last_week', 3) }} as valid_to
    from {{ ref('int_benefit_runs') }}
    where is_target
),

target_periods as (
    {{ join_periods('target_days', ['person_key']) | indent(4) }}
),

{# The R starts of a cell, numbered from 0: from them a control draws its pseudo-start day. #}
rsv_starts as (
    select
        family,
        instrument,
        instrument_family,
        benefit_group,
        quarter,
        is_town,
        start_date,
        row_number() over (
            partition by family, instrument, benefit_group, quarter, is_town order by start_date, spell_id
        ) - 1 as start_number
    from starts
    where arm = 'R'
),

cells as (
    select
        family,
        instrument,
        instrument_family,
        benefit_group,
        quarter,
        is_town,
        count(*) as rsv_starts
    from rsv_starts
    group by family, instrument, instrument_family, benefit_group, quarter, is_town
),

months_with_start as (
    select distinct
        person_key,
        month
    from starts
),

{# Months in which a start lies in one of the months before, by instrument. #}
months_after_start as (
    {% for months in range(1, protocol('months_before') + 1) -%}
        select
            person_key,
            instrument,
            {{ add_months('month', months) }} as month
        from starts
        {%- if not loop.last %}
            union
        {% endif %}
    {%- endfor %}
),

months_without_start as (
    select
        eligible_months.person_key,
        eligible_months.month,
        eligible_months.family,
        eligible_months.benefit_group,
        eligible_months.age,
        eligible_months.sex,
        eligible_months.residence_code,
        municipalities.municipality_group,
        municipalities.is_town,
        {{ quarter_text('eligible_months.month') }} as quarter
    from eligible_months
    inner join municipalities
        on eligible_months.residence_code = municipalities.municipality_code
    inner join coverage
        on eligible_months.residence_code = coverage.municipality_code and eligible_months.month = coverage.month
    left join months_with_start
        on eligible_months.person_key = months_with_start.person_key and eligible_months.month = months_with_start.month
    where months_with_start.person_key is null
),

drawn_months as (
    select
        *,
        {{ draw(draw_text('control', protocol('seed'), 'person_key', 'month')) }} as draw
    from months_without_start
),

{# Its last digits say which R start gives the day; its first ones, the order in which controls are drawn. #}
months_in_cells as (
    select
        drawn_months.*,
        cells.instrument,
        cells.instrument_family,
        cells.rsv_starts,
        drawn_months.draw % cells.rsv_starts as start_number
    from drawn_months
    inner join cells
        on
            drawn_months.family = cells.family
            and drawn_months.benefit_group = cells.benefit_group
            and drawn_months.quarter = cells.quarter
            and drawn_months.is_town = cells.is_town
    left join months_after_start
        on
            drawn_months.person_key = months_after_start.person_key
            and drawn_months.month = months_after_start.month
            and cells.instrument = months_after_start.instrument
    where months_after_start.person_key is null
),

{# The day of the month of the R start drawn, in the control's own month: its last day when that is shorter. #}
pseudo_starts as (
    select
        months_in_cells.*,
        least(
            {{ add_days('months_in_cells.month', "extract(day from rsv_starts.start_date) - 1") }},
            {{ month_end('months_in_cells.month') }}
        ) as pseudo_start_date
    from months_in_cells
    inner join rsv_starts
        on
            months_in_cells.family = rsv_starts.family
            and months_in_cells.instrument = rsv_starts.instrument
            and months_in_cells.benefit_group = rsv_starts.benefit_group
            and months_in_cells.quarter = rsv_starts.quarter
            and months_in_cells.is_town = rsv_starts.is_town
            and months_in_cells.start_number = rsv_starts.start_number
),

{# Still on a target benefit in the week of that day: without it a control would have time that an R start cannot have. #}
candidates as (
    select
        pseudo_starts.*,
        {{ protocol('controls_per_treated') }} * pseudo_starts.rsv_starts as wanted
    from pseudo_starts
    inner join target_periods
        on
            pseudo_starts.person_key = target_periods.person_key
            and pseudo_starts.pseudo_start_date between target_periods.valid_from and target_periods.valid_to
),

counted_cells as (
    select
        family,
        instrument,
        benefit_group,
        quarter,
        is_town,
        count(*) as candidates
    from candidates
    group by family, instrument, benefit_group, quarter, is_town
),

{# Only draws that can be among the first are ranked: so many below a bound that fewer than wanted lie there about once in 10^17 cells. Ranking all took most of the time. #}
first_candidates as (
    select
        candidates.*,
        counted_cells.candidates
    from candidates
    inner join counted_cells
        on
            candidates.family = counted_cells.family
            and candidates.instrument = counted_cells.instrument
            and candidates.benefit_group = counted_cells.benefit_group
            and candidates.quarter = counted_cells.quarter
            and candidates.is_town = counted_cells.is_town
    where
        {{ share('candidates.draw', largest_draw()) }} * counted_cells.candidates
        <= candidates.wanted + 10 * sqrt(candidates.wanted) + 50
),

ranked_candidates as (
    select
        *,
        row_number() over (
            partition by family, instrument, benefit_group, quarter, is_town order by draw, person_key, month
        ) as draw_rank
    from first_candidates
),

final as (
    select
        person_key,
        month,
        pseudo_start_date,
        family,
        instrument,
        instrument_family,
        benefit_group,
        quarter,
        is_town,
        municipality_group,
        residence_code as municipality_code,
        age,
        sex,
        cast(candidates as bigint) as candidates,
        cast(least(candidates, wanted) as bigint) as drawn,
        {{ share('candidates', 'least(candidates, wanted)') }} as sampling_weight
    from ranked_candidates
    where draw_rank <= wanted
)

select * from final
