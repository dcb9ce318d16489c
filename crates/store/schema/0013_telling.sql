-- What providers are told of rights that have ended. It holds no name and no account: that is looked up when
-- it is told.
CREATE TABLE telling (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    permission TEXT NOT NULL,
    person TEXT NOT NULL,
    source TEXT NOT NULL,
    items TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    for_now BIGINT NOT NULL CHECK (for_now IN (0, 1)),
    due_at BIGINT NOT NULL,
    pressed_at BIGINT,
    told_at BIGINT,
    digest TEXT NOT NULL
);
CREATE INDEX telling_open ON telling (log, told_at, ended_at, person, source, id);
CREATE INDEX telling_permission ON telling (log, permission, ended_at, id);

-- At which pace it is tried.
CREATE TABLE telling_pace (
    id TEXT NOT NULL PRIMARY KEY,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);

ALTER TABLE permission ADD COLUMN queued_at BIGINT;
CREATE INDEX permission_queued ON permission (log, queued_at, stopped_at);
