-- What nobody relies on as evidence: these tables change without an entry, through the tending door alone.

CREATE TABLE session (
    id_hash TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    assignment TEXT,
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    proved_at BIGINT,
    place TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX session_by_person ON session (person);
CREATE INDEX session_by_end ON session (ends);

-- One bucket of tokens for each thing that is limited; tokens are thousandths.
CREATE TABLE rate (
    bucket TEXT PRIMARY KEY,
    tokens BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- Counts that are over are tied into a bundle before they are entered. Nobody counts into a bundle any more,
-- so that whoever enters it, and enters it again after another node died over it, enters the same number.
CREATE TABLE failure_count (
    account TEXT NOT NULL,
    span BIGINT NOT NULL,
    bundle TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (account, span, bundle)
);

CREATE TABLE refusal_count (
    person TEXT NOT NULL,
    act TEXT NOT NULL,
    reason TEXT NOT NULL,
    span BIGINT NOT NULL,
    bundle TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (person, act, reason, span, bundle)
);

-- Numbers of record codes: one row a log and day.
CREATE TABLE serial (
    log TEXT NOT NULL,
    day TEXT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (log, day)
);

-- Answers kept for the time the rule lets them be seen again, under a key the store does not have.
CREATE TABLE parked (
    lookup TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    nonce BYTEA NOT NULL,
    body BYTEA NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX parked_by_expiry ON parked (expires);

-- What the signer signed last; its own copy beside the keys is the one that counts.
CREATE TABLE signer_state (
    log TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL
);

-- Who works on something at the moment, and until when that holds.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- The last time step whose code was used, so that a code is good once.
CREATE TABLE code_step (
    owner TEXT PRIMARY KEY,
    step BIGINT NOT NULL
);
