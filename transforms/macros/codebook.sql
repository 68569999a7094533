{#
  The codebook: what stands beside the models (descriptions, labels, units, rules), as rows. Belongs here: reading it from dbt's graph.
  Not here: the same for files and tests (transforms/codebook.py).
#}

{# The marts of the project in order of schema and name; nothing else is published. #}
{% macro published_models() -%}
    {%- set models = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == "model" and node.original_file_path.startswith("models/marts/") -%}
        {%- do models.append(node) -%}
    {%- endfor -%}
    {{ return(models | sort(attribute="schema,name")) }}
{%- endmacro %}

{% macro codebook_text(value) -%}
    {%- if value is none or value is undefined or value == "" -%}
        null
    {%- elif value is string -%}
        '{{ value | trim | replace("'", "''") }}'
    {%- else -%}
        '{{ value | join(", ") | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro %}

{# A select that gives one row a column of every published table. #}
{% macro codebook_rows() -%}
    {%- set names = [
        "schema_name", "table_name", "column_name", "column_position", "data_type", "unit", "description", "label_da", "value_set", "source_fields", "rule", "tier",
        "table_description", "table_label_da", "table_tier",
    ] -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for model in published_models() -%}
            {%- for column in model.columns.values() -%}
                {%- set meta = column.config.meta or column.meta -%}
                {%- set values = [
                    codebook_text(model.schema), codebook_text(model.name), codebook_text(column.name), loop.index, codebook_text(column.data_type),
                    codebook_text(meta.get("unit")), codebook_text(column.description), codebook_text(meta.get("label_da")),
                    codebook_text(meta.get("value_set")), codebook_text(meta.get("source_fields")), codebook_text(meta.get("rule")),
                    codebook_text(meta.get("tier")), codebook_text(model.description), codebook_text(model.config.meta.get("label_da")),
                    codebook_text(model.config.meta.get("tier")),
                ] -%}
                {%- do rows.append("(" ~ values | join(", ") ~ ")") -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if rows %}
    select *
    from (
        values
        {{ rows | join(",\n        ") }}
    ) as codebook ({{ names | join(", ") }})
    {%- else %}
    select {% for column in names %}null as {{ column }}{{ ", " if not loop.last }}{% endfor %}
    where false
    {%- endif %}
{%- endmacro %}
