{# One row per row, in a used file and with the right number of fields, of a person born after the cut-off: the CPR number is then not valid, and the rules that need a valid
   one say nothing. What the file alone decided stands beside. #}
{%- set tables = [
    ('person_rows', 'personer', "cast(null as varchar)", 'false', 'is_constructed', 'has_modulus_11'),
    ('person_rejected', 'personer', "cast(null as varchar)", 'true', 'is_constructed', 'has_modulus_11'),
    ('benefit_rows', 'dream', "cast(null as varchar)", 'false', 'is_constructed', 'has_modulus_11'),
    ('benefit_rejected', 'dream', "cast(null as varchar)", 'true', 'is_constructed', 'has_modulus_11'),
    ('placement_rows', 'forloeb', 'handling', 'false', 'is_constructed', 'has_modulus_11'),
    ('placement_rejected', 'forloeb', 'handling', 'true', 'is_constructed', 'has_modulus_11'),
    ('payroll_rows', 'eindkomst', 'line_kind', 'false', 'cpr_flags % 2 = 1 as is_constructed', whole_quotient('cpr_flags', 2) ~ ' % 2 = 1 as has_modulus_11'),
    ('payroll_rejected', 'eindkomst', 'line_kind', 'true', 'cpr_flags % 2 = 1 as is_constructed', whole_quotient('cpr_flags', 2) ~ ' % 2 = 1 as has_modulus_11'),
] -%}
with build as (
    select as_of from {{ ref('stg_build') }}
),

{% for table, kind, row_class, is_rejected, is_constructed, has_modulus_11 in tables -%}
    used_{{ table }} as (
        {{ used_rows(source('lake', table), kind) | indent(4) }}
    ),

{% endfor -%}
final as (
    {% for table, kind, row_class, is_rejected, is_constructed, has_modulus_11 in tables -%}
        select
            '{{ kind }}' as kind,
            delivery_id,
            file_name,
            line_number,
            {{ row_class }} as row_class,
            {{ is_rejected }} as is_rejected_by_file,
            {% if is_rejected == 'true' %}broken_rules{% else %}cast(0 as bigint) as broken_rules{% endif %},
            {{ is_constructed }},
            {{ has_modulus_11 }},
            {% if kind == 'eindkomst' %}hours{% else %}cast(null as bigint) as hours{% endif %},
            {% if kind == 'dream' %}coded_weeks{% else %}cast(null as integer) as coded_weeks{% endif %},
            {% if kind == 'dream' %}unknown_code_weeks{% else %}cast(null as integer) as unknown_code_weeks{% endif %}
        from used_{{ table }}
        cross join build
        where birth_date > as_of{% if is_rejected == 'true' %} and has_right_fields{% endif %}
        {%- if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
)

select * from final
