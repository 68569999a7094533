-- The protocol's one primary estimate with its gate. An estimate whose gate is not passed is read with that
-- reservation; one that is not made says why. simple.effects holds all others.
-- must give (raw/sample): Ikke beregnet: for få starter: 8, mindst 30
select arm, instrument, outcome, horizon, estimate, low, high, gate, reason
from simple.effects
where is_primary;
