{# Lists of columns that several models carry as they are. #}

{% macro placement_row_columns() -%}
delivery_id,
file_name,
file_rank,
line_number,
activity_id,
handling,
registered_at,
person_key,
birth_date,
sex,
is_constructed,
has_modulus_11,
is_repaired,
target_group_number,
benefit,
instrument_code,
cvr,
p_number,
start_date,
end_date,
planned_hours,
planned_minutes,
municipality_code,
end_reason
{%- endmacro %}
