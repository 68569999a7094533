# The protocol's one primary estimate with its gate. An estimate whose gate is not passed is read with that
# reservation; one that is not made says why. simple.effects holds all others.
# must give (raw/sample): Ikke beregnet: for få starter: 8, mindst 30
#   Rscript warehouse/examples/effect_gate.R [outcome.duckdb]
source("warehouse/examples/open_outcome.R")

table <- query("
  select arm, instrument, outcome, horizon, estimate, low, high, gate, reason
  from simple.effects
  where is_primary")
print(table, row.names = FALSE, digits = 3)
primary <- table[1, ]
if (primary$gate == "Ikke beregnet") {
  cat(sprintf("result: %s: %s\n", primary$gate, primary$reason))
} else {
  cat(sprintf("result: %.3f (%.3f to %.3f), %s\n", primary$estimate, primary$low, primary$high, primary$gate))
}
