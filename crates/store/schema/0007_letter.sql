-- How people want to be told by mail, letters that have left, and the mail that waits to be sent.

-- The address is the name of a sealed value.
CREATE TABLE letter_setting (
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    address TEXT,
    digest BIGINT NOT NULL CHECK (digest IN (0, 1)),
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    language TEXT NOT NULL,
    PRIMARY KEY (log, person)
);

CREATE TABLE letter (
    duty TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    recipient TEXT NOT NULL,
    number TEXT NOT NULL,
    sent_day TEXT NOT NULL,
    channel TEXT NOT NULL,
    by_person TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- Tended: mail that waits. It says only that something waits, so it has no entry, names nobody, and goes once
-- it was taken.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    handed BIGINT NOT NULL,
    given_up BIGINT
);
CREATE INDEX outbox_next ON outbox (given_up, next_at, id);

-- Tended: when somebody was last written to, and how much has not been written since.
CREATE TABLE outbox_pace (
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    digest_day TEXT NOT NULL,
    urgent_at BIGINT NOT NULL,
    held BIGINT NOT NULL,
    PRIMARY KEY (log, person)
);
