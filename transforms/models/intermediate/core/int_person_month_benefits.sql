{# One row per person and month of the panel: its weeks by what they say, and the group that most of them carry. #}
with panel as (
    select * from {{ ref('int_panel') }}
),

benefit_months as (
    select * from {{ ref('int_person_benefit_months') }}
),

week_counts as (
    select
        person_key,
        month,
        sum(case when is_benefit then weeks else 0 end) as benefit_weeks,
        sum(case when is_unknown then 0 else weeks end) as known_weeks,
        sum(case when benefit_group in ('student', 'apprentice', 'parental_leave', 'holiday_allowance') then weeks else 0 end) as education_or_leave_weeks,
        {# Most weeks first; a tie goes to the lower priority. #}
        max(case when is_benefit then weeks * 100000 - group_order end) as weeks_and_order
    from benefit_months
    group by person_key, month
),

groups as (
    select distinct
        group_order,
        benefit_group
    from {{ ref('int_benefit_codes') }}
),

final as (
    select
        panel.person_key,
        panel.month,
        panel.weeks,
        cast(coalesce(week_counts.benefit_weeks, 0) as integer) as benefit_weeks,
        cast(panel.weeks - coalesce(week_counts.known_weeks, 0) as integer) as unknown_weeks,
        cast(coalesce(week_counts.education_or_leave_weeks, 0) as integer) as education_or_leave_weeks,
        groups.benefit_group
    from panel
    left join week_counts
        on panel.person_key = week_counts.person_key and panel.month = week_counts.month
    left join groups
        on 100000 - week_counts.weeks_and_order % 100000 = groups.group_order
)

select * from final
