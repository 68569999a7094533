{# Nothing delivered is lost: of every file that was read, rows accepted and rows rejected add up to the rows delivered, and none of the three is missing alone. #}
{% test delivered_rows_add_up(model) %}
select
    file_name,
    rows_delivered,
    rows_accepted,
    rows_rejected
from {{ model }}
where
    (outcome = 'used' and rows_delivered is null)
    or rows_accepted < 0
    or rows_rejected < 0
    or (rows_delivered is null) <> (rows_accepted is null)
    or (rows_delivered is null) <> (rows_rejected is null)
    or rows_accepted + rows_rejected <> rows_delivered
{% endtest %}

{# A rule cannot fail more rows than it looked at. #}
{% test failed_within_looked_at(model) %}
select
    rule,
    file_name,
    rows_looked_at,
    rows_failed
from {{ model }}
where rows_failed > rows_looked_at
{% endtest %}
