-- The machines of an agency and what was declared of them last.
CREATE TABLE workstation (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    number TEXT NOT NULL,
    unit TEXT NOT NULL,
    keeper TEXT NOT NULL,
    address TEXT,
    dedicated BIGINT NOT NULL CHECK (dedicated IN (0, 1)),
    password BIGINT NOT NULL CHECK (password IN (0, 1)),
    shutdown BIGINT NOT NULL CHECK (shutdown IN (0, 1)),
    declared_day TEXT NOT NULL,
    retired_day TEXT
);
CREATE INDEX workstation_log ON workstation (log, address);
