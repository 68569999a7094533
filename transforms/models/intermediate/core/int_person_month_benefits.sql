{# One row per person and month of the panel: its weeks by what they say, and the group that most of them carry (a view: read once). #}
{{ config(materialized='view') }}
with benefit_months as (
    select * from {{ ref('int_person_benefit_months') }}
),

panel as (
    select * from {{ ref('int_panel') }}
),

months as (
    select * from {{ ref('int_months') }}
),

groups as (
    select distinct
        group_order,
        benefit_group
    from {{ ref('int_benefit_codes') }}
),

counted_weeks as (
    select
        benefit_months.person_key,
        benefit_months.month,
        months.weeks,
        benefit_months.weeks = months.weeks as is_whole_month,
        case when benefit_months.is_benefit then benefit_months.weeks else 0 end as benefit_weeks,
        case when benefit_months.is_unknown then benefit_months.weeks else 0 end as unknown_weeks,
        case
            when benefit_months.benefit_group in ('student', 'apprentice', 'parental_leave', 'holiday_allowance') then benefit_months.weeks
            else 0
        end as education_or_leave_weeks,
        {# Most weeks first; a tie goes to the lower priority. #}
        case when benefit_months.is_benefit then benefit_months.weeks * 100000 - benefit_months.group_order end as weeks_and_order
    from benefit_months
    inner join panel
        on
            benefit_months.person_key = panel.person_key
            and benefit_months.month between panel.first_month and panel.last_month
    inner join months
        on benefit_months.month = months.month
),

{# Most months are of one group, which then has all their weeks: only the others are added up. #}
week_counts as (
    select
        person_key,
        month,
        weeks,
        benefit_weeks,
        unknown_weeks,
        education_or_leave_weeks,
        weeks_and_order
    from counted_weeks
    where is_whole_month
    union all
    select
        person_key,
        month,
        weeks,
        sum(benefit_weeks) as benefit_weeks,
        sum(unknown_weeks) as unknown_weeks,
        sum(education_or_leave_weeks) as education_or_leave_weeks,
        max(weeks_and_order) as weeks_and_order
    from counted_weeks
    where not is_whole_month
    group by person_key, month, weeks
),

final as (
    select
        week_counts.person_key,
        week_counts.month,
        week_counts.weeks,
        cast(week_counts.benefit_weeks as integer) as benefit_weeks,
        cast(week_counts.unknown_weeks as integer) as unknown_weeks,
        cast(week_counts.education_or_leave_weeks as integer) as education_or_leave_weeks,
        groups.benefit_group
    from week_counts
    left join groups
        on 100000 - week_counts.weeks_and_order % 100000 = groups.group_order
)

select * from final
