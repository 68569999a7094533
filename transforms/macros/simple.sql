{# What the views of `simple` share: tables by schema and name, and words instead of codes. Not here: the words (seeds/labels.csv), a view's columns. #}

{# A published table without its catalogue: the view is copied into a file of another name, and whoever opens that may call it what he likes. #}
{% macro published(name) -%}
    {{ ref(name).include(database=false) }}
{%- endmacro %}

{# Label tables stand beside the rows they label: one a coded column, never a row more or less, for `dim_labels` has each code of a list once. #}
{% macro join_labels(code_list, column, alias=none) -%}
    left join labels as {{ alias or label_alias(column) }}
        on {{ alias or label_alias(column) }}.code_list = '{{ code_list }}' and cast({{ column }} as varchar) = {{ alias or label_alias(column) }}.code
{%- endmacro %}

{# The Danish word for a code: `Alle` for all, the code itself where nobody has named it, null for null. #}
{% macro label(column, alias=none) -%}
    case when cast({{ column }} as varchar) = 'all' then 'Alle' else coalesce({{ alias or label_alias(column) }}.label_da, cast({{ column }} as varchar)) end
{%- endmacro %}

{% macro label_alias(column) -%}
    {{ column.split('.') | last }}_labels
{%- endmacro %}

{# The period of an enterprise's attributes that a day lies in. #}
{% macro join_enterprise(cvr, day) -%}
    left join enterprises
        on
            {{ cvr }} = enterprises.enterprise_cvr
            and {{ day }} >= coalesce(enterprises.valid_from, cast('0001-01-01' as date))
            and {{ day }} <= coalesce(enterprises.valid_to, cast('9999-12-31' as date))
{%- endmacro %}

{# A number out of a sentence as Danes write it: 9.21e+03 is 9210, 0.461 is 0,461. What is no number stays. #}
{% macro danish_number(text) -%}
    coalesce(replace(printf('%.15g', try_cast({{ text }} as double)), '.', ','), {{ text }})
{%- endmacro %}
