* Reads the published warehouse from Stata through ODBC: install DuckDB's ODBC driver and a DSN "Fodfaeste" that
* names the file and access_mode=READ_ONLY (see excel.md for the steps, they are the same).
odbc load, exec("select target_group, spells, employed, share, ci_lower, ci_upper from progression.fct_employment_by_target_group where enterprise_kind = 'rsv' and instrument = 'all' and horizon = 12") dsn("Fodfaeste") clear
list, noobs
