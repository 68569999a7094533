/* KL 2: how many have more hours twelve months after a start at a registered social enterprise
   than before it? By bands of hours; who has left (Ophørt) stays in the whole.
   must give (raw/sample): 4 of 41, 0.098
   DuckDB's ODBC driver, once (excel.md); a SAS session in UTF-8, for the words are Danish.
   Run in the folder of the repository, or set OUTCOME to the file. */
%let outcome = warehouse/outcome.duckdb;
%if %sysfunc(sysexist(OUTCOME)) %then %do;
  %let outcome = %sysget(OUTCOME);
%end;

proc sql;
  connect to odbc as outcome (noprompt="Driver={DuckDB Driver};Database=&outcome;access_mode=READ_ONLY;");
  select * from connection to outcome (
    select
        direction,
        cast(sum(spells) as integer) as spells,
        cast(sum(sum(spells)) over () as integer) as all_spells,
        sum(spells) / sum(sum(spells)) over () as share
    from simple.hour_band_moves
    where enterprise_kind = 'RSV' and instrument = 'Alle' and target_group = 'Alle' and horizon = 12
    group by direction
    order by direction
  );
  disconnect from outcome;
quit;
