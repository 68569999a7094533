# A file of Stata, SPSS or SAS as haven reads it, one fact a line: label, value label or cell, tab between the parts.
suppressPackageStartupMessages(library(haven))
path <- commandArgs(trailingOnly = TRUE)[1]
reader <- switch(tools::file_ext(path), dta = read_dta, sav = read_sav, xpt = read_xpt)
frame <- reader(path)
text <- function(x) ifelse(is.na(x) | x == "", "<null>", as.character(x))
line <- function(...) cat(paste(..., sep = "\t"), sep = "\n")
for (name in names(frame)) {
  column <- frame[[name]]
  line("label", name, attr(column, "label"))
  labels <- attr(column, "labels")
  if (!is.null(labels)) line("value", name, as.character(labels), names(labels))
  plain <- if (inherits(column, "Date")) format(column) else if (is.numeric(column)) {
    ifelse(is.na(column), NA, formatC(as.numeric(column), digits = 17, format = "g"))
  } else as.character(column)
  line("cell", name, seq_along(plain), text(plain))
}
