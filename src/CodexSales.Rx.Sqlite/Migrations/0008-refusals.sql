-- The latest requests and slots that were not for sale, and why: so many as whoever writes them wants to keep.

CREATE TABLE refusal (
    number      INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    request_id  BLOB    NOT NULL CHECK (length(request_id) = 32),
    slot_index  INTEGER, -- none where it concerns the request as a whole
    reason      TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    offered     BLOB    CHECK (length(offered) = 32), -- this and the next one where a limit of an availability decided
    bound       BLOB    CHECK (length(bound) = 32)
) STRICT;
