* KL 3: does the attachment last? Share with lasting attachment 6, 12 and 24 months after a first start
* at a registered social enterprise, by both definitions (Aalen-Johansen).
* must give (raw/sample): 0.193 and 0.165
* DuckDB's ODBC driver, once (excel.md); Stata 14 or newer. Run in the folder of the repository, or set OUTCOME to the file.
local outcome : environment OUTCOME
if "`outcome'" == "" local outcome "warehouse/outcome.duckdb"
local connection "Driver={DuckDB Driver};Database=`outcome';access_mode=READ_ONLY"

#delimit ;
odbc load, clear
    connectionstring("`connection'")
    exec("
        select
            months,
            max(case when milestone = 'I arbejde seks måneder i træk' then cumulative_incidence end) as six_in_row,
            max(case when milestone = 'I arbejde seks af tolv måneder' then cumulative_incidence end) as six_of_twelve
        from simple.lasting_attachment
        where enterprise_kind = 'RSV' and instrument = 'Alle' and target_group = 'Alle' and months in (6, 12, 24)
        group by months
        order by months
    ");
#delimit cr
list, noobs
