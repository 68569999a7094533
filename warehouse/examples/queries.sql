-- How many came into ordinary work, by target group, twelve months after the start of a placement at a registered social enterprise?
select target_group, spells, employed, share, ci_lower, ci_upper
from progression.fct_employment_by_target_group
where enterprise_kind = 'rsv' and instrument = 'all' and horizon = 12
order by spells desc;

-- Lasting attachment by both definitions: cumulative incidence after 12, 24 and 36 months.
select milestone, months, at_risk, cumulative_incidence, ci_lower, ci_upper
from progression.fct_milestone_curves
where enterprise_kind = 'rsv' and instrument = 'all' and target_group = 'all'
  and milestone in ('lasting_six_in_row', 'lasting_six_of_twelve') and months in (12, 24, 36)
order by milestone, months;

-- Towards more hours: band before against band after.
select baseline_band, status, hour_band, spells
from progression.fct_hour_band_transitions
where enterprise_kind = 'rsv' and instrument = 'all' and target_group = 'all' and horizon = 12
order by baseline_band, status, hour_band;

-- Supply: registered social enterprises per 1,000 target persons, towns against outskirts.
select year, rate_towns, rate_outskirts, ratio, ratio_lower, ratio_upper, gini, gini_by_chance
from scope.fct_supply_inequality_yearly
order by year;

-- What was delivered and what became of it.
select kind, outcome, count(*) as files, sum(rows_delivered) as delivered, sum(rows_rejected) as rejected
from quality.fct_deliveries
group by all
order by all;
