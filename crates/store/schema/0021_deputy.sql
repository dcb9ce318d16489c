-- Who stands in for somebody whenever they are away.
CREATE TABLE deputy (
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    deputy TEXT NOT NULL,
    from_day TEXT NOT NULL,
    PRIMARY KEY (log, person)
);
