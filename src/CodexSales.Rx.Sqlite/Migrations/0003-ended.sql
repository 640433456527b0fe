-- A sale that has ended stays among those that run until its data is deleted: how it ended, in four columns.
-- While it goes on, there is nothing in them.

ALTER TABLE sale ADD COLUMN reason          TEXT;
ALTER TABLE sale ADD COLUMN detail          TEXT;
ALTER TABLE sale ADD COLUMN earned          BLOB CHECK (length(earned) = 32);
ALTER TABLE sale ADD COLUMN collateral_lost BLOB CHECK (length(collateral_lost) = 32);
