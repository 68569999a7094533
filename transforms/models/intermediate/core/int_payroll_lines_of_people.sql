{# One row per line of wage work up to the cut-off, of the warehouse's people, whether it stands or has been replaced or reversed: its employer, and its hours and pay in
   1/10000.
   Hours that could not be given are pay divided by the rate of the year in which the period begins. #}
with lines as (
    select * from {{ ref('stg_payroll__lines') }}
    where line_kind = 'I'
),

lines_left_out as (
    select * from {{ ref('int_payroll_lines_left_out') }}
),

people as (
    select person_key from {{ ref('int_people') }}
),

income_types as (
    select indkomsttype as income_type from {{ ref('income_types') }}
    where is_wage_work
),

rates as (
    select * from {{ ref('int_conversion_rates') }}
),

rate_years as (
    select distinct
        first_year,
        last_year
    from rates
),

se_numbers as (
    select distinct se_number from {{ ref('stg_se_numbers__periods') }}
),

se_owner_periods as (
    select * from {{ ref('int_se_owner_periods') }}
),

enterprises as (
    select enterprise_cvr from {{ ref('int_enterprises') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

peoples_lines as (
    select
        lines.delivery_id,
        lines.line_number,
        lines.person_key,
        lines.se_number,
        lines.payment_date,
        lines.period_from,
        lines.period_to,
        lines.a_income_amount + lines.a_income_other_amount as wage_amount,
        lines.hours,
        lines.is_hours_missing,
        lines.reported_at
    from lines
    cross join build
    inner join people
        on lines.person_key = people.person_key
    inner join income_types
        on lines.income_type = income_types.income_type
    where cast(lines.reported_at as date) <= build.as_of
),

judged_lines as (
    select
        peoples_lines.*,
        lines_left_out.delivery_id is null as is_standing
    from peoples_lines
    left join lines_left_out
        on
            peoples_lines.delivery_id = lines_left_out.delivery_id
            and peoples_lines.line_number = lines_left_out.line_number
),

{# An SE number of the file has the owner of the payment day or none; one that is not in the file may itself be a known CVR number. #}
final as (
    select
        judged_lines.delivery_id,
        judged_lines.line_number,
        judged_lines.person_key,
        case when se_numbers.se_number is null then enterprises.enterprise_cvr else se_owner_periods.enterprise_cvr end as enterprise_cvr,
        judged_lines.period_from,
        judged_lines.period_to,
        judged_lines.wage_amount,
        case
            when judged_lines.is_hours_missing
                then {{ round_ratio_wide('judged_lines.wage_amount', 10000, 'rates.amount_per_hour') }}
            else coalesce(judged_lines.hours, 0)
        end as hours_amount,
        judged_lines.is_hours_missing as is_imputed,
        {{ month_of('cast(judged_lines.reported_at as date)') }} as reported_month,
        judged_lines.is_standing
    from judged_lines
    cross join rate_years
    left join rates
        on least(greatest(extract(year from judged_lines.period_from), rate_years.first_year), rate_years.last_year) = rates.year
    left join se_numbers
        on judged_lines.se_number = se_numbers.se_number
    left join se_owner_periods
        on
            judged_lines.se_number = se_owner_periods.se_number
            and judged_lines.payment_date between se_owner_periods.valid_from and se_owner_periods.valid_to
    left join enterprises
        on judged_lines.se_number = enterprises.enterprise_cvr
)

select * from final
