-- Days on which the offices of an agency are closed, or open, other than the government's calendar says. The
-- last word on a day counts; what was said before stays.
CREATE TABLE closure (
    log TEXT NOT NULL,
    day TEXT NOT NULL,
    at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (log, day, at)
);
