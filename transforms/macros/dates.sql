{# Dates and months. Every expression that only DuckDB writes this way stands here, so that another engine needs these bodies alone. #}

{# First and last day that a period can have: what is open, in the intermediate models. #}
{% macro first_day() %}cast('0001-01-01' as date){% endmacro %}
{% macro last_day() %}cast('9999-12-31' as date){% endmacro %}

{# The day n days later (n may be an expression). #}
{% macro add_days(day, number) %}cast(({{ day }}) + cast(({{ number }}) as integer) as date){% endmacro %}

{# The day n months later: it keeps the day, or takes the month's last when that month is shorter. #}
{% macro add_months(day, number) %}cast(({{ day }}) + to_months(cast(({{ number }}) as integer)) as date){% endmacro %}

{# Days from one day to another: 0 when they are the same. #}
{% macro days_between(from_day, to_day) %}(cast(({{ to_day }}) as date) - cast(({{ from_day }}) as date)){% endmacro %}

{# Whole calendar months from the month of one day to the month of another. #}
{% macro months_between(from_day, to_day) %}((extract(year from {{ to_day }}) - extract(year from {{ from_day }})) * 12 + extract(month from {{ to_day }}) - extract(month from {{ from_day }})){% endmacro %}

{# The first day of the day's month. Counted back, since truncating takes ten times as long. #}
{% macro month_of(day) %}{{ add_days(day, "1 - extract(day from " ~ day ~ ")") }}{% endmacro %}

{# The last day of the day's month. #}
{% macro month_end(day) %}last_day({{ day }}){% endmacro %}

{# The Thursday of the day's ISO week: a week belongs to the month of its Thursday. #}
{% macro thursday_of_week(day) %}{{ add_days("cast(date_trunc('week', " ~ day ~ ") as date)", 3) }}{% endmacro %}

{# The first Thursday on or after the day, and the last one on or before it. ISO weekday of a Thursday is 4. #}
{% macro thursday_on_or_after(day) %}{{ add_days(day, "(11 - isodow(" ~ day ~ ")) % 7") }}{% endmacro %}
{% macro thursday_on_or_before(day) %}{{ add_days(day, "-((isodow(" ~ day ~ ") + 3) % 7)") }}{% endmacro %}

{# Thursdays from one Thursday to another, both counted. #}
{% macro weeks_from_to(first_thursday, last_thursday) %}({{ whole_quotient(days_between(first_thursday, last_thursday), 7) }} + 1){% endmacro %}

{# Whole years at a day. Born on 29 February: the birthday is 1 March in other years, which comparing month and day gives by itself. #}
{% macro age_in_years(birth_date, day) -%}
    cast(
        extract(year from {{ day }}) - extract(year from {{ birth_date }})
        - case
            when extract(month from {{ day }}) * 100 + extract(day from {{ day }}) < extract(month from {{ birth_date }}) * 100 + extract(day from {{ birth_date }})
                then 1
            else 0
        end
        as integer
    )
{%- endmacro %}

{# The months from one month to another as a list to unnest; empty when the second is earlier, or one of them is null. #}
{% macro month_list(first_month, last_month) %}generate_series({{ first_month }}, {{ last_month }}, interval 1 month){% endmacro %}

{# The day's month as a whole number that goes up by one a month: counting numbers costs a third of counting dates. #}
{% macro month_number(day) %}(extract(year from {{ day }}) * 12 + extract(month from {{ day }})){% endmacro %}

{# One row a month: unnested in the select list of a model. #}
{% macro unnest_months(first_month, last_month) %}cast(unnest({{ month_list(first_month, last_month) }}) as date){% endmacro %}
