/* KL 3: does the attachment last? Share with lasting attachment 6, 12 and 24 months after a first start
   at a registered social enterprise, by both definitions (Aalen-Johansen).
   must give (raw/sample): 0.193 and 0.165
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
        months,
        max(case when milestone = 'I arbejde seks måneder i træk' then cumulative_incidence end) as six_in_row,
        max(case when milestone = 'I arbejde seks af tolv måneder' then cumulative_incidence end) as six_of_twelve
    from simple.lasting_attachment
    where enterprise_kind = 'RSV' and instrument = 'Alle' and target_group = 'Alle' and months in (6, 12, 24)
    group by months
    order by months
  );
  disconnect from outcome;
quit;
