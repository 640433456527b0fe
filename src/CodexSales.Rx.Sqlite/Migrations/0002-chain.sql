-- What the provider's accounts sent to their chains, and how far the chain was read.
-- Moments are ticks of 100 ns since the year 1. Kinds are the numbers of TransactionKind and TransactionEndKind.

CREATE TABLE sent (
    chain               INTEGER NOT NULL,
    account             BLOB    NOT NULL CHECK (length(account) = 20),
    nonce               INTEGER NOT NULL,
    kind                INTEGER NOT NULL,
    request_id          BLOB    CHECK (length(request_id) = 32),
    slot_index          INTEGER,
    period              INTEGER,
    amount              BLOB    NOT NULL CHECK (length(amount) = 32),
    end_kind            INTEGER, -- this and the next three while it is in flight: none
    ended_at            INTEGER,
    spent               BLOB    CHECK (length(spent) = 32),
    block               INTEGER,
    PRIMARY KEY (chain, account, nonce)
) STRICT;

-- Each transaction that was sent under a nonce, from the first to the one that replaced the others.
CREATE TABLE attempt (
    chain               INTEGER NOT NULL,
    account             BLOB    NOT NULL CHECK (length(account) = 20),
    nonce               INTEGER NOT NULL,
    place               INTEGER NOT NULL,
    unsigned            BLOB    NOT NULL,
    signed              BLOB    NOT NULL,
    hash                BLOB    CHECK (length(hash) = 32),
    sent_at             INTEGER NOT NULL,
    withdrawal          INTEGER NOT NULL CHECK (withdrawal IN (0, 1)),
    PRIMARY KEY (chain, account, nonce, place)
) STRICT;

CREATE TABLE cursor (
    only_one            INTEGER PRIMARY KEY CHECK (only_one = 1),
    number              INTEGER NOT NULL,
    hash                BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
