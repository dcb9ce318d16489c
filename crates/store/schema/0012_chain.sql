-- What heads delegate, in what right a stamp was given, who has taken a step on, and whom
-- those who have it asked.

-- The words, which name the document, are the name of a sealed value.
CREATE TABLE delegation (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    by_person TEXT NOT NULL,
    to_person TEXT NOT NULL,
    objects TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    words TEXT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX delegation_until ON delegation (log, until_day, id);

-- By whose delegation a stamp was given; beside `stands_for`, which names whom a deputy stood in for.
ALTER TABLE application_stamp ADD COLUMN delegated_by TEXT;

CREATE TABLE application_claim (
    application TEXT NOT NULL,
    version BIGINT NOT NULL,
    step BIGINT NOT NULL,
    part BIGINT NOT NULL,
    log TEXT NOT NULL,
    by_person TEXT NOT NULL,
    at BIGINT NOT NULL,
    released BIGINT NOT NULL CHECK (released IN (0, 1)),
    PRIMARY KEY (application, version, step, part)
);

-- The words and the opinion are names of sealed values.
CREATE TABLE application_question (
    id TEXT NOT NULL PRIMARY KEY,
    application TEXT NOT NULL,
    log TEXT NOT NULL,
    version BIGINT NOT NULL,
    step BIGINT NOT NULL,
    by_person TEXT NOT NULL,
    to_person TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    given BIGINT CHECK (given IN (0, 1)),
    opinion TEXT,
    replied_at BIGINT
);
CREATE INDEX application_question_of ON application_question (application, at, id);
CREATE INDEX application_question_to ON application_question (log, to_person, replied_at, at, id);

-- Files that travel with an application; name and content are names of sealed values, and go when it goes.
CREATE TABLE application_attachment (
    id TEXT NOT NULL PRIMARY KEY,
    application TEXT NOT NULL,
    log TEXT NOT NULL,
    field TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX application_attachment_of ON application_attachment (application, at, id);
