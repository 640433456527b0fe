-- When a slot in repair lost its host, for what was left of its request then. Before this version it was not noted.

ALTER TABLE sale      ADD COLUMN freed_at INTEGER;
ALTER TABLE past_sale ADD COLUMN freed_at INTEGER;

-- Slots that this host was forced out of are looked for at each start, and the moment of the last record.

CREATE INDEX past_sale_lost ON past_sale (ends_at) WHERE reason = 'ForcedOut';
CREATE INDEX past_sale_at   ON past_sale (at);
