{# What quality asks of the engine. Belongs here: expressions. Not here: rules. #}

{# True when the bitmask of broken rules (docs/lake.md) holds the rule at this bit position. #}
{% macro breaks_rule(broken_rules, bit_position) %}((({{ broken_rules }}) >> ({{ bit_position }})) & 1 = 1){% endmacro %}

{# Size band of an employer by its employees. #}
{% macro employer_size_band(employees) -%}
    case
        when {{ employees }} is null then 'unknown'
        when {{ employees }} < 1 then '0'
        when {{ employees }} < 10 then '1-9'
        when {{ employees }} < 50 then '10-49'
        when {{ employees }} < 200 then '50-199'
        else '200+'
    end
{%- endmacro %}
