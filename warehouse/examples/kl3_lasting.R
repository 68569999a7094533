# KL 3: does the attachment last? Share with lasting attachment 6, 12 and 24 months after a first start
# at a registered social enterprise, by both definitions (Aalen-Johansen).
# must give (raw/sample): 0.193 and 0.165
#   Rscript warehouse/examples/kl3_lasting.R [outcome.duckdb]
source("warehouse/examples/open_outcome.R")

table <- query("
  select
      months,
      max(case when milestone = 'I arbejde seks måneder i træk' then cumulative_incidence end) as six_in_row,
      max(case when milestone = 'I arbejde seks af tolv måneder' then cumulative_incidence end) as six_of_twelve
  from simple.lasting_attachment
  where enterprise_kind = 'RSV' and instrument = 'Alle' and target_group = 'Alle' and months in (6, 12, 24)
  group by months
  order by months")
print(table, row.names = FALSE, digits = 3)
after <- table[table$months == 24, ]
cat(sprintf("result: %.3f and %.3f\n", after$six_in_row, after$six_of_twelve))
