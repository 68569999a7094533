* KL 1: how many of each target group are in ordinary work twelve months after a start at a
* registered social enterprise? Of the spells that began without work; who has left is not in work.
* must give (raw/sample): 4 of 42, 0.095
* DuckDB's ODBC driver, once (excel.md); Stata 14 or newer. Run in the folder of the repository, or set OUTCOME to the file.
local outcome : environment OUTCOME
if "`outcome'" == "" local outcome "warehouse/outcome.duckdb"
local connection "Driver={DuckDB Driver};Database=`outcome';access_mode=READ_ONLY"

#delimit ;
odbc load, clear
    connectionstring("`connection'")
    exec("
        select target_group, spells, employed, share, ci_lower, ci_upper
        from simple.employment_by_target_group
        where enterprise_kind = 'RSV' and instrument = 'Alle' and horizon = 12
        order by spells desc, target_group
    ");
#delimit cr
list, noobs
