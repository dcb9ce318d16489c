-- Failures in a row at the door of an account. Windows are for entries; a row has no window.
CREATE TABLE failure_run (
    account TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
);
