-- Exceptions from separation: who may hold what the rule keeps apart, from when to when, and who allowed it.
-- The words, which say why, are the name of a sealed value.
CREATE TABLE separation_exception (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    pair TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    by_person TEXT NOT NULL,
    words TEXT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX separation_exception_until ON separation_exception (log, until_day, id);
CREATE INDEX separation_exception_person ON separation_exception (log, person, from_day, id);

-- The roles of the asker's posts, where they had several and the regulation asked for them.
ALTER TABLE lookup ADD COLUMN held_roles TEXT;
