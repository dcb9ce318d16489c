-- Applications, what was put forward each time, and what those along the chain gave.

CREATE TABLE application (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    object TEXT NOT NULL,
    form TEXT NOT NULL,
    action TEXT NOT NULL,
    author TEXT NOT NULL,
    assignment TEXT NOT NULL,
    unit TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    people TEXT NOT NULL,
    items TEXT NOT NULL,
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    since BIGINT NOT NULL,
    digest TEXT NOT NULL,
    answers TEXT NOT NULL
);
CREATE INDEX application_author ON application (log, author, at, id);
CREATE INDEX application_unit ON application (log, unit, at, id);
CREATE INDEX application_log ON application (log, at, id);
CREATE INDEX application_state ON application (log, state, since, id);

CREATE TABLE application_version (
    application TEXT NOT NULL,
    version BIGINT NOT NULL,
    log TEXT NOT NULL,
    answers TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (application, version)
);

CREATE TABLE application_stamp (
    application TEXT NOT NULL,
    version BIGINT NOT NULL,
    step BIGINT NOT NULL,
    part BIGINT NOT NULL,
    log TEXT NOT NULL,
    by_person TEXT NOT NULL,
    stands_for TEXT,
    verdict TEXT NOT NULL,
    fields TEXT NOT NULL,
    note TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (application, version, step, part)
);

CREATE TABLE permission (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    unit TEXT NOT NULL,
    items TEXT NOT NULL,
    application TEXT,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    stopped TEXT,
    stopped_at BIGINT
);
CREATE INDEX permission_person ON permission (log, person, from_at, id);

-- Who stands in for whom while they are away.
CREATE TABLE absence (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    deputy TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL
);
CREATE INDEX absence_until ON absence (log, until_day, id);
CREATE INDEX assignment_log ON assignment (log, id);
