-- Why a code is not good any more: it was used, replaced or revoked; and how it reached its owner.
ALTER TABLE enrolment ADD COLUMN over_by TEXT;
CREATE TABLE handing (
    enrolment TEXT NOT NULL PRIMARY KEY,
    by_person TEXT NOT NULL,
    to_person TEXT NOT NULL,
    way TEXT NOT NULL,
    on_day TEXT NOT NULL,
    at BIGINT NOT NULL
);
