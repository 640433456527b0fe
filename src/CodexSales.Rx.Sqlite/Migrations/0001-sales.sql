-- Amounts of money are 32 bytes, the most significant one first: they compare as numbers do.
-- 64-bit numbers are integers; those over 2^63 - 1 appear as negative ones, less 2^64.
-- Moments are seconds since 1970. States and reasons are words. Sentences that people read are nowhere compared.

CREATE TABLE availability (
    place               INTEGER PRIMARY KEY, -- the order in which they were added
    id                  TEXT    NOT NULL UNIQUE,
    total_bytes         INTEGER NOT NULL,
    max_duration        INTEGER NOT NULL,
    min_price           BLOB    NOT NULL CHECK (length(min_price) = 32),
    total_collateral    BLOB    NOT NULL CHECK (length(total_collateral) = 32),
    enabled             INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    until               INTEGER,
    draining            INTEGER NOT NULL CHECK (draining IN (0, 1))
) STRICT;

-- The sales that run.
CREATE TABLE sale (
    number              INTEGER PRIMARY KEY CHECK (number > 0),
    request_id          BLOB    NOT NULL CHECK (length(request_id) = 32),
    slot_index          INTEGER NOT NULL,
    proof_probability   BLOB    NOT NULL CHECK (length(proof_probability) = 32),
    price               BLOB    NOT NULL CHECK (length(price) = 32),
    collateral_per_byte BLOB    NOT NULL CHECK (length(collateral_per_byte) = 32),
    slots               INTEGER NOT NULL,
    slot_size           INTEGER NOT NULL,
    duration            INTEGER NOT NULL,
    max_slot_loss       INTEGER NOT NULL,
    reward              BLOB    NOT NULL CHECK (length(reward) = 32),
    collateral          BLOB    NOT NULL CHECK (length(collateral) = 32),
    expires_at          INTEGER NOT NULL,
    ends_at             INTEGER NOT NULL,
    repair              INTEGER NOT NULL CHECK (repair IN (0, 1)),
    state               TEXT    NOT NULL,
    started_at          INTEGER NOT NULL,
    at                  INTEGER NOT NULL,
    held_in             TEXT,
    filled_at           INTEGER,
    missed_proofs       INTEGER NOT NULL CHECK (missed_proofs >= 0)
) STRICT;

-- The sales that are over: the same, and how they ended.
CREATE TABLE past_sale (
    number              INTEGER PRIMARY KEY CHECK (number > 0),
    request_id          BLOB    NOT NULL CHECK (length(request_id) = 32),
    slot_index          INTEGER NOT NULL,
    proof_probability   BLOB    NOT NULL CHECK (length(proof_probability) = 32),
    price               BLOB    NOT NULL CHECK (length(price) = 32),
    collateral_per_byte BLOB    NOT NULL CHECK (length(collateral_per_byte) = 32),
    slots               INTEGER NOT NULL,
    slot_size           INTEGER NOT NULL,
    duration            INTEGER NOT NULL,
    max_slot_loss       INTEGER NOT NULL,
    reward              BLOB    NOT NULL CHECK (length(reward) = 32),
    collateral          BLOB    NOT NULL CHECK (length(collateral) = 32),
    expires_at          INTEGER NOT NULL,
    ends_at             INTEGER NOT NULL,
    repair              INTEGER NOT NULL CHECK (repair IN (0, 1)),
    state               TEXT    NOT NULL,
    started_at          INTEGER NOT NULL,
    at                  INTEGER NOT NULL,
    held_in             TEXT,
    filled_at           INTEGER,
    missed_proofs       INTEGER NOT NULL CHECK (missed_proofs >= 0),
    reason              TEXT    NOT NULL,
    detail              TEXT    NOT NULL,
    earned              BLOB    NOT NULL CHECK (length(earned) = 32),
    collateral_lost     BLOB    NOT NULL CHECK (length(collateral_lost) = 32)
) STRICT;

-- What was sold of each availability, also of those that are gone. The empty name stands for sales of none.
CREATE TABLE sold (
    availability        TEXT    NOT NULL PRIMARY KEY,
    paid                INTEGER NOT NULL CHECK (paid >= 0),
    earned              BLOB    NOT NULL CHECK (length(earned) = 32),
    slashed             BLOB    NOT NULL CHECK (length(slashed) = 32),
    lost                BLOB    NOT NULL CHECK (length(lost) = 32)
) STRICT;
