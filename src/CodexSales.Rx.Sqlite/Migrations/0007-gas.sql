-- What the transactions of a sale that runs have cost in fees, in wei. Before this version it was not noted.

CREATE TABLE gas (
    request_id  BLOB    NOT NULL CHECK (length(request_id) = 32),
    slot_index  INTEGER NOT NULL,
    spent       BLOB    NOT NULL CHECK (length(spent) = 32),
    PRIMARY KEY (request_id, slot_index)
) STRICT;
