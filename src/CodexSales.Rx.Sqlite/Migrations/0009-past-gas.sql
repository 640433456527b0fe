-- What the transactions of a sale that is over have cost in fees, in wei; nothing of sales that ended before this version.

ALTER TABLE past_sale ADD COLUMN spent BLOB CHECK (length(spent) = 32);
