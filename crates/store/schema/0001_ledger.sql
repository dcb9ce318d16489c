-- What the door itself needs: the logs, what was decided, revisions, and keys wrapped under the keyring.
-- Types are BIGINT, TEXT and BYTEA only; times are microseconds UTC; truth values are 0 or 1.

-- One row a log. The frontier is all a writer needs to go on; the size is compared and swapped.
CREATE TABLE log_head (
    log TEXT PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    size BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    root BYTEA NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE log_leaf (
    log TEXT NOT NULL,
    idx BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (log, idx)
);

-- Roots of full tiles, from tile level 1 upwards, so that a proof reads a few tiles and not the whole log.
CREATE TABLE log_node (
    log TEXT NOT NULL,
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (log, level, idx)
);

-- The newest signed checkpoint of each log.
CREATE TABLE checkpoint (
    log TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- The one concurrency control: how often a row changed that a decision may rely on.
CREATE TABLE revision (
    key TEXT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (key)
);

CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    log TEXT NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, key)
);

-- One row a fact: the entry as people list and search it. What it rests on is sealed.
CREATE TABLE decision (
    log TEXT NOT NULL,
    idx BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    act TEXT NOT NULL,
    outcome TEXT NOT NULL,
    record TEXT,
    person TEXT NOT NULL,
    unit TEXT NOT NULL,
    pack TEXT,
    digest TEXT,
    clauses TEXT NOT NULL,
    detail TEXT NOT NULL,
    sealed TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (log, idx)
);
-- By the record first: an engine without figures would otherwise go through the whole log for one of them.
CREATE INDEX decision_by_record ON decision (record, idx);

-- How often a clause was shown obeyed or refused under on one day (the moment at which it begins in
-- Taipei): what the compliance board sums. Which entries these are, each of them says itself.
CREATE TABLE clause_count (
    log TEXT NOT NULL,
    day BIGINT NOT NULL,
    clause TEXT NOT NULL,
    act TEXT NOT NULL,
    outcome TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (log, day, clause, act, outcome)
);

-- One row a sealed value. The data key is wrapped under the bucket's key, that one under the keyring.
CREATE TABLE sealed (
    id TEXT PRIMARY KEY,
    log TEXT NOT NULL,
    bucket TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    nonce BYTEA NOT NULL,
    body BYTEA NOT NULL,
    kc BYTEA NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sealed_by_bucket ON sealed (bucket);

CREATE TABLE bucket (
    id TEXT PRIMARY KEY,
    log TEXT NOT NULL,
    class TEXT NOT NULL,
    expires TEXT,
    wrapped BYTEA NOT NULL,
    epoch BIGINT NOT NULL
);
