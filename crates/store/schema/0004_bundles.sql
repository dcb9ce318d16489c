-- Counts that are over are tied into a bundle before they are entered. Nobody counts into a bundle any more, so
-- that whoever enters it, and enters it again after another node died over it, enters the same number.

ALTER TABLE failure_count RENAME TO failure_count_before;
CREATE TABLE failure_count (
    account TEXT NOT NULL,
    span BIGINT NOT NULL,
    bundle TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (account, span, bundle)
);
INSERT INTO failure_count (account, span, bundle, n) SELECT account, span, '', n FROM failure_count_before;
DROP TABLE failure_count_before;

ALTER TABLE refusal_count RENAME TO refusal_count_before;
CREATE TABLE refusal_count (
    person TEXT NOT NULL,
    act TEXT NOT NULL,
    reason TEXT NOT NULL,
    span BIGINT NOT NULL,
    bundle TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (person, act, reason, span, bundle)
);
INSERT INTO refusal_count (person, act, reason, span, bundle, n)
    SELECT person, act, reason, span, '', n FROM refusal_count_before;
DROP TABLE refusal_count_before;
