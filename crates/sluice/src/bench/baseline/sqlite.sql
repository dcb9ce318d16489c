PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE entry (id INTEGER PRIMARY KEY, payload TEXT NOT NULL) STRICT;
