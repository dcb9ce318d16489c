-- Versions of regulations that wait to be approved by the agencies under them, and what was approved. Once
-- all have, the version is put into force: then `regulation` has it too.
CREATE TABLE proposal (
    digest TEXT NOT NULL PRIMARY KEY,
    pack TEXT NOT NULL,
    version TEXT NOT NULL,
    from_day TEXT NOT NULL,
    files TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE approval (
    digest TEXT NOT NULL,
    agency TEXT NOT NULL,
    application TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (digest, agency)
);
