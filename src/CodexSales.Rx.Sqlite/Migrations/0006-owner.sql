-- Whose sales these are: one chain, one contract, one account. Before this version it was not noted.

CREATE TABLE owner (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    chain       INTEGER NOT NULL,
    marketplace TEXT    NOT NULL,
    account     TEXT    NOT NULL
) STRICT;
