{# One row per enterprise and period in which none of name, municipality, industry, legal form and RSV flag changes; days that no period covers, between two that are
   covered, are rows of nulls. Open ends are first_day() and last_day(). #}
with attribute_periods as (
    select * from {{ ref('int_enterprise_attribute_periods') }}
    where attribute in ('name', 'municipality', 'industry', 'legal_form')
),

rsv_periods as (
    select * from {{ ref('int_enterprise_rsv_periods') }}
),

periods as (
    select
        enterprise_cvr,
        attribute,
        value,
        valid_from,
        valid_to
    from attribute_periods
    union all
    select
        enterprise_cvr,
        'rsv' as attribute,
        'true' as value,
        valid_from,
        valid_to
    from rsv_periods
),

boundaries as (
    select
        enterprise_cvr,
        valid_from as boundary
    from periods
    union
    select
        enterprise_cvr,
        {{ add_days('valid_to', 1) }} as boundary
    from periods
    where valid_to < {{ last_day() }}
),

last_days as (
    select
        enterprise_cvr,
        max(valid_to) as last_covered_day
    from periods
    group by enterprise_cvr
),

slices as (
    select
        boundaries.enterprise_cvr,
        boundaries.boundary as slice_from,
        coalesce(
            {{ add_days('lead(boundaries.boundary) over (partition by boundaries.enterprise_cvr order by boundaries.boundary)', -1) }},
            last_days.last_covered_day
        ) as slice_to
    from boundaries
    inner join last_days
        on boundaries.enterprise_cvr = last_days.enterprise_cvr
    where boundaries.boundary <= last_days.last_covered_day
),

described_slices as (
    select
        slices.enterprise_cvr,
        slices.slice_from,
        slices.slice_to,
        max(case when periods.attribute = 'name' then periods.value end) as name,
        max(case when periods.attribute = 'municipality' then periods.value end) as municipality_code,
        max(case when periods.attribute = 'industry' then periods.value end) as industry_code,
        max(case when periods.attribute = 'legal_form' then periods.value end) as legal_form,
        coalesce(max(case when periods.attribute = 'rsv' then 1 else 0 end), 0) = 1 as is_rsv
    from slices
    left join periods
        on
            slices.enterprise_cvr = periods.enterprise_cvr
            and slices.slice_from between periods.valid_from and periods.valid_to
    group by slices.enterprise_cvr, slices.slice_from, slices.slice_to
),

{# A new row only when one of them changes. #}
compared_slices as (
    select
        *,
        row_number() over (partition by enterprise_cvr order by slice_from) as slice_number,
        {{ is_same('name', 'lag(name) over enterprise_slices') }}
        and {{ is_same('municipality_code', 'lag(municipality_code) over enterprise_slices') }}
        and {{ is_same('industry_code', 'lag(industry_code) over enterprise_slices') }}
        and {{ is_same('legal_form', 'lag(legal_form) over enterprise_slices') }}
        and {{ is_same('is_rsv', 'lag(is_rsv) over enterprise_slices') }} as is_as_before
    from described_slices
    window enterprise_slices as (partition by enterprise_cvr order by slice_from)
),

numbered_slices as (
    select
        *,
        sum(case when slice_number > 1 and is_as_before then 0 else 1 end) over (
            partition by enterprise_cvr order by slice_from rows between unbounded preceding and current row
        ) as period_number
    from compared_slices
),

final as (
    select
        enterprise_cvr,
        min(name) as name,
        min(municipality_code) as municipality_code,
        min(industry_code) as industry_code,
        min(legal_form) as legal_form,
        bool_or(is_rsv) as is_rsv,
        min(slice_from) as valid_from,
        max(slice_to) as valid_to
    from numbered_slices
    group by enterprise_cvr, period_number
)

select * from final
