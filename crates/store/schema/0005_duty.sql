-- What is owed, by whom and by when; changes of post; lists by which work is handed over.

CREATE TABLE duty (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    kind TEXT NOT NULL,
    control TEXT NOT NULL,
    owner TEXT NOT NULL,
    unit TEXT,
    person TEXT,
    about TEXT NOT NULL,
    began TEXT NOT NULL,
    due_day TEXT,
    due_at BIGINT NOT NULL,
    calendar TEXT,
    hours BIGINT,
    credited BIGINT,
    state TEXT NOT NULL,
    late_at BIGINT,
    closed_by TEXT,
    closed_at BIGINT,
    note TEXT,
    digest TEXT NOT NULL
);
-- Open duties of one owner, of one unit, and of the agency, those due first; what nobody set a day for last.
CREATE INDEX duty_owner ON duty (log, owner, state, due_at, id);
CREATE INDEX duty_state ON duty (log, state, due_at, id);
CREATE INDEX duty_closed ON duty (log, closed_by, closed_at, id);
CREATE INDEX duty_control ON duty (log, control, owner, began, id);
CREATE INDEX duty_about ON duty (log, about, id);

CREATE TABLE handover (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    giver TEXT NOT NULL,
    unit TEXT NOT NULL,
    receiver TEXT,
    items TEXT NOT NULL,
    given_at BIGINT,
    received_at BIGINT,
    closed_by TEXT,
    closed_at BIGINT
);
CREATE INDEX handover_giver ON handover (log, giver, id);

-- Why a post ended; none for one that runs, or that ended before causes were written down.
ALTER TABLE assignment ADD COLUMN cause TEXT;

CREATE INDEX unit_log ON unit (log, id);
CREATE INDEX case_file_officer ON case_file (log, officer, number);
CREATE INDEX permission_stopped ON permission (log, stopped, person);

-- What was decided when accounts were gone through, and which heads confirmed their people.
CREATE TABLE inventory_verdict (
    duty TEXT NOT NULL,
    person TEXT NOT NULL,
    log TEXT NOT NULL,
    finding TEXT NOT NULL,
    keep BIGINT NOT NULL CHECK (keep IN (0, 1)),
    note TEXT,
    by_person TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (duty, person)
);
CREATE TABLE inventory_unit (
    duty TEXT NOT NULL,
    unit TEXT NOT NULL,
    log TEXT NOT NULL,
    by_person TEXT NOT NULL,
    people BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (duty, unit)
);
CREATE INDEX inventory_verdict_kept ON inventory_verdict (log, keep, person);
