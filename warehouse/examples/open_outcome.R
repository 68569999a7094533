# Opens the published warehouse read-only: `query(sql)` gives a data frame.
# The file is the first argument of the script, else the variable OUTCOME, else warehouse/outcome.duckdb.
# It is read with install.packages(c("duckdb", "DBI")) where these are installed, else through DuckDB's own shell (`make run` installs it).
arguments <- commandArgs(trailingOnly = TRUE)
outcome <- if (length(arguments) > 0) arguments[1] else Sys.getenv("OUTCOME", "warehouse/outcome.duckdb")

query <- function(sql) {
  if (requireNamespace("duckdb", quietly = TRUE) && requireNamespace("DBI", quietly = TRUE)) {
    connection <- DBI::dbConnect(duckdb::duckdb(), dbdir = outcome, read_only = TRUE)
    on.exit(DBI::dbDisconnect(connection, shutdown = TRUE))
    return(DBI::dbGetQuery(connection, sql))
  }
  shell <- if (file.exists(".venv/bin/duckdb")) ".venv/bin/duckdb" else Sys.which("duckdb")
  if (!nzchar(shell)) stop("install.packages(c(\"duckdb\", \"DBI\")), or put DuckDB's shell on the path")
  lines <- system2(shell, c("-readonly", "-csv", shQuote(outcome), "-c", shQuote(sql)), stdout = TRUE)
  if (!is.null(attr(lines, "status"))) stop(outcome, ": the query failed (see above)")
  read.csv(text = lines, encoding = "UTF-8", na.strings = "NULL")
}
