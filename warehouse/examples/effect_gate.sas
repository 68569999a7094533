/* The protocol's one primary estimate with its gate. An estimate whose gate is not passed is read with that
   reservation; one that is not made says why. simple.effects holds all others.
   must give (raw/sample): Ikke beregnet: for få starter: 8, mindst 30
   DuckDB's ODBC driver, once (excel.md); a SAS session in UTF-8, for the words are Danish.
   Run in the folder of the repository, or set OUTCOME to the file. */
%let outcome = warehouse/outcome.duckdb;
%if %sysfunc(sysexist(OUTCOME)) %then %do;
  %let outcome = %sysget(OUTCOME);
%end;

proc sql;
  connect to odbc as outcome (noprompt="Driver={DuckDB Driver};Database=&outcome;access_mode=READ_ONLY;");
  select * from connection to outcome (
    select arm, instrument, outcome, horizon, estimate, low, high, gate, reason
    from simple.effects
    where is_primary
  );
  disconnect from outcome;
quit;
