-- KL 1: how many of each target group are in ordinary work twelve months after a start at a
-- registered social enterprise? Of the spells that began without work; who has left is not in work.
-- must give (raw/sample): 4 of 42, 0.095
select target_group, spells, employed, share, ci_lower, ci_upper
from simple.employment_by_target_group
where enterprise_kind = 'RSV' and instrument = 'Alle' and horizon = 12
order by spells desc, target_group;
