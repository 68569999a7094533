# KL 2: how many have more hours twelve months after a start at a registered social enterprise
# than before it? By bands of hours; who has left (Ophørt) stays in the whole.
# must give (raw/sample): 4 of 41, 0.098
#   Rscript warehouse/examples/kl2_hours.R [outcome.duckdb]
source("warehouse/examples/open_outcome.R")

table <- query("
  select
      direction,
      cast(sum(spells) as integer) as spells,
      cast(sum(sum(spells)) over () as integer) as all_spells,
      sum(spells) / sum(sum(spells)) over () as share
  from simple.hour_band_moves
  where enterprise_kind = 'RSV' and instrument = 'Alle' and target_group = 'Alle' and horizon = 12
  group by direction
  order by direction")
print(table, row.names = FALSE, digits = 3)
more <- table[table$direction == "Flere timer", ]
cat(sprintf("result: %d of %d, %.3f\n", more$spells, more$all_spells, more$share))
