# Reads the published warehouse from R: install.packages(c("duckdb", "DBI")) once.
library(DBI)
connection <- dbConnect(duckdb::duckdb(), dbdir = "warehouse/outcome.duckdb", read_only = TRUE)
codebook <- dbGetQuery(connection, "select * from quality.codebook")
employed <- dbGetQuery(connection, "
  select target_group, spells, employed, share, ci_lower, ci_upper
  from progression.fct_employment_by_target_group
  where enterprise_kind = 'rsv' and instrument = 'all' and horizon = 12
  order by spells desc")
print(employed)
dbDisconnect(connection, shutdown = TRUE)
