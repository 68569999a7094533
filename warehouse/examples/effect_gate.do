* The protocol's one primary estimate with its gate. An estimate whose gate is not passed is read with that
* reservation; one that is not made says why. simple.effects holds all others.
* must give (raw/sample): Ikke beregnet: for få starter: 8, mindst 30
* DuckDB's ODBC driver, once (excel.md); Stata 14 or newer. Run in the folder of the repository, or set OUTCOME to the file.
local outcome : environment OUTCOME
if "`outcome'" == "" local outcome "warehouse/outcome.duckdb"
local connection "Driver={DuckDB Driver};Database=`outcome';access_mode=READ_ONLY"

#delimit ;
odbc load, clear
    connectionstring("`connection'")
    exec("
        select arm, instrument, outcome, horizon, estimate, low, high, gate, reason
        from simple.effects
        where is_primary
    ");
#delimit cr
list, noobs
