{# One row per person-trial: a start at an RSV (R), one elsewhere (O), or a month without a start drawn as a control for R starts of one instrument (N). #}
with starts as (
    select * from {{ ref('int_effect_starts') }}
    where arm is not null
),

controls as (
    select * from {{ ref('int_effect_controls') }}
),

covariates as (
    select * from {{ ref('int_effect_covariates') }}
),

exits as (
    select * from {{ ref('int_person_exits') }}
),

build as (
    select * from {{ ref('int_build') }}
),

trials as (
    select
        arm,
        case arm when 'R' then 'both' else 'RO' end as contrast,
        person_key,
        month,
        start_date,
        family,
        instrument,
        instrument_family,
        benefit_group,
        quarter,
        is_town,
        cluster_id,
        enterprise_cvr,
        enterprise_kind,
        is_rsv_later,
        target_group,
        age,
        sex,
        municipality_code,
        municipality_group,
        cast(1.0 as double) as sampling_weight,
        spell_id
    from starts
    union all
    select
        'N' as arm,
        'RN' as contrast,
        person_key,
        month,
        pseudo_start_date as start_date,
        family,
        instrument,
        instrument_family,
        benefit_group,
        quarter,
        is_town,
        cast(null as varchar) as cluster_id,
        cast(null as varchar) as enterprise_cvr,
        cast(null as varchar) as enterprise_kind,
        false as is_rsv_later,
        cast(null as varchar) as target_group,
        age,
        sex,
        municipality_code,
        municipality_group,
        sampling_weight,
        cast(null as varchar) as spell_id
    from controls
),

numbered_trials as (
    select
        *,
        row_number() over (partition by arm, family, instrument_family, person_key order by month, instrument) as trial_number
    from trials
),

final as (
    select
        {{ draw("concat('trial|', numbered_trials.arm, '|', cast(numbered_trials.person_key as varchar), '|', cast(numbered_trials.month as varchar), '|', numbered_trials.instrument)") }} as trial_id,
        numbered_trials.person_key,
        numbered_trials.month,
        numbered_trials.start_date,
        numbered_trials.arm,
        numbered_trials.contrast,
        numbered_trials.family,
        numbered_trials.instrument,
        numbered_trials.instrument_family,
        {{ cell_text('numbered_trials.instrument', 'numbered_trials.benefit_group', 'numbered_trials.quarter', 'numbered_trials.is_town') }} as cell,
        numbered_trials.benefit_group,
        numbered_trials.quarter,
        numbered_trials.is_town,
        numbered_trials.cluster_id,
        numbered_trials.enterprise_cvr,
        numbered_trials.enterprise_kind,
        numbered_trials.is_rsv_later,
        numbered_trials.target_group,
        numbered_trials.age,
        {{ age_band('numbered_trials.age') }} as age_band,
        numbered_trials.sex,
        numbered_trials.municipality_code,
        numbered_trials.municipality_group,
        numbered_trials.sampling_weight,
        numbered_trials.arm = 'N' or numbered_trials.trial_number = 1 as is_primary,
        numbered_trials.spell_id,
        cast(least({{ protocol('last_event_month') }}, {{ months_between('numbered_trials.month', 'build.observed_through') }}) as integer) as last_h,
        exits.exit_reason,
        cast({{ months_between('numbered_trials.month', 'exits.exit_month') }} as integer) as exit_h,
        cast(numbered_trials.age as double) as x_age,
        {{ covariate_names(covariate_prefixes(), covariate_windows(), protocol('instrument_families') | list) | indent(8) }}
    from numbered_trials
    cross join build
    inner join covariates
        on numbered_trials.person_key = covariates.person_key and numbered_trials.month = covariates.month
    inner join exits
        on numbered_trials.person_key = exits.person_key
)

select * from final
