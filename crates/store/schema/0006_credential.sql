-- Codes that were handed out to set an account up, and passwords that were used before.

-- Of the code only its digest is kept.
CREATE TABLE enrolment (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    login TEXT NOT NULL,
    method TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    by_person TEXT NOT NULL,
    at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX enrolment_person ON enrolment (person, at, id);
CREATE INDEX enrolment_login ON enrolment (login, at, id);

CREATE TABLE password_before (
    login TEXT NOT NULL,
    at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (login, at)
);

-- An account is one person's, and one is enough.
CREATE UNIQUE INDEX account_one_each ON account (person);
