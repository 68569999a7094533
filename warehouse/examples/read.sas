/* Reads the published warehouse from SAS through ODBC: a DSN "Fodfaeste" with access_mode=READ_ONLY (steps in excel.md). */
libname outcome odbc dsn=Fodfaeste schema=progression access=readonly;
proc sql;
  select target_group, spells, employed, share, ci_lower, ci_upper
  from outcome.fct_employment_by_target_group
  where enterprise_kind = 'rsv' and instrument = 'all' and horizon = 12;
quit;
