* The staircase of hours: ordinary hours month by month around a start at a registered social enterprise,
* and the share on each step or above. Every spell in every month observed of it: they differ from month
* to month, simple.hours_by_month follows the same ones throughout. Personal data behind it.
* must give (raw/sample): month 12: 58 spells, 13.6 hours, 0.138 in work
* DuckDB's ODBC driver, once (excel.md); Stata 14 or newer. Run in the folder of the repository, or set OUTCOME to the file.
local outcome : environment OUTCOME
if "`outcome'" == "" local outcome "warehouse/outcome.duckdb"
local connection "Driver={DuckDB Driver};Database=`outcome';access_mode=READ_ONLY"

#delimit ;
odbc load, clear
    connectionstring("`connection'")
    exec("
        select
            event_month,
            cast(count(*) as integer) as spells,
            cast(avg(ordinary_hours) as double) as mean_hours,
            avg(case when hour_band_number >= 1 then 1 else 0 end) as from_1_hour,
            avg(case when hour_band_number >= 2 then 1 else 0 end) as from_39_hours,
            avg(case when hour_band_number >= 3 then 1 else 0 end) as from_78_hours,
            avg(case when hour_band_number >= 4 then 1 else 0 end) as from_117_hours
        from simple.placement_months
        where enterprise_kind = 'RSV' and event_month between -12 and 24
        group by event_month
        order by event_month
    ");
#delimit cr
list, noobs
