* KL 2: how many have more hours twelve months after a start at a registered social enterprise
* than before it? By bands of hours; who has left (Ophørt) stays in the whole.
* must give (raw/sample): 4 of 41, 0.098
* DuckDB's ODBC driver, once (excel.md); Stata 14 or newer. Run in the folder of the repository, or set OUTCOME to the file.
local outcome : environment OUTCOME
if "`outcome'" == "" local outcome "warehouse/outcome.duckdb"
local connection "Driver={DuckDB Driver};Database=`outcome';access_mode=READ_ONLY"

#delimit ;
odbc load, clear
    connectionstring("`connection'")
    exec("
        select
            direction,
            cast(sum(spells) as integer) as spells,
            cast(sum(sum(spells)) over () as integer) as all_spells,
            sum(spells) / sum(sum(spells)) over () as share
        from simple.hour_band_moves
        where enterprise_kind = 'RSV' and instrument = 'Alle' and target_group = 'Alle' and horizon = 12
        group by direction
        order by direction
    ");
#delimit cr
list, noobs
