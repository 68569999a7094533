{# Data tests that dbt does not bring. #}

{# No two rows share these columns (nulls equal). Rows are first counted by a hash, since text is dear to count by; equality is decided on the columns themselves. #}
{% test unique_combination(model, columns) %}
with repeated_keys as (
    select {{ identity_hash(columns) }} as identity_key
    from {{ model }}
    group by {{ identity_hash(columns) }}
    having count(*) > 1
)

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
where {{ identity_hash(columns) }} in (select identity_key from repeated_keys)
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{# Every value is the minimum or more. #}
{% test at_least(model, column_name, minimum) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ minimum }}
{% endtest %}

{# A figure that is missing says why: no estimate is null in silence. #}
{% test figure_or_reason(model, figures) %}
select reason
from {{ model }}
where
    (
        {% for figure in figures %}{{ figure }} is null{% if not loop.last %} or {% endif %}{% endfor %}
    )
    and coalesce(trim(reason), '') = ''
{% endtest %}
