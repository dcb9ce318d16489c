-- What bodies outside say along a chain comes by letter: its number and its day stand with the stamp.

ALTER TABLE application_stamp ADD COLUMN letter TEXT;
ALTER TABLE application_stamp ADD COLUMN letter_day TEXT;

-- Links to providers, and what was said of them when they were gone through.
CREATE TABLE link (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    datasets TEXT NOT NULL,
    provider TEXT NOT NULL,
    linking TEXT NOT NULL,
    holding TEXT NOT NULL,
    user_agency TEXT NOT NULL,
    officer TEXT NOT NULL,
    application TEXT,
    former TEXT,
    from_day TEXT NOT NULL,
    until_day TEXT,
    opened_day TEXT NOT NULL,
    ending TEXT,
    tested BIGINT CHECK (tested IN (0, 1)),
    tested_day TEXT,
    tested_by TEXT,
    tested_note TEXT,
    used_day TEXT,
    ended TEXT,
    ended_at BIGINT,
    digest TEXT NOT NULL
);
CREATE INDEX link_log ON link (log, from_day, id);

CREATE TABLE link_review (
    duty TEXT NOT NULL,
    link TEXT NOT NULL,
    log TEXT NOT NULL,
    keep BIGINT NOT NULL CHECK (keep IN (0, 1)),
    note TEXT,
    by_person TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (duty, link)
);
CREATE INDEX link_review_link ON link_review (log, link, at, duty);
