-- Several blocks by which the chain is known again, in place of one.

CREATE TABLE known_block (
    number              INTEGER PRIMARY KEY,
    hash                BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO known_block (number, hash) SELECT number, hash FROM cursor;

DROP TABLE cursor;
