/* KL 1: how many of each target group are in ordinary work twelve months after a start at a
   registered social enterprise? Of the spells that began without work; who has left is not in work.
   must give (raw/sample): 4 of 42, 0.095
   DuckDB's ODBC driver, once (excel.md); a SAS session in UTF-8, for the words are Danish.
   Run in the folder of the repository, or set OUTCOME to the file. */
%let outcome = warehouse/outcome.duckdb;
%if %sysfunc(sysexist(OUTCOME)) %then %do;
  %let outcome = %sysget(OUTCOME);
%end;

proc sql;
  connect to odbc as outcome (noprompt="Driver={DuckDB Driver};Database=&outcome;access_mode=READ_ONLY;");
  select * from connection to outcome (
    select target_group, spells, employed, share, ci_lower, ci_upper
    from simple.employment_by_target_group
    where enterprise_kind = 'RSV' and instrument = 'Alle' and horizon = 12
    order by spells desc, target_group
  );
  disconnect from outcome;
quit;
