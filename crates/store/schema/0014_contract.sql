-- Contracts with contractors, and who works here under them. A contractor is an organisation, no person.
CREATE TABLE contract (
    id TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    number TEXT NOT NULL,
    contractor TEXT NOT NULL,
    confidential BIGINT NOT NULL CHECK (confidential IN (0, 1)),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    ended_day TEXT
);
CREATE INDEX contract_log ON contract (log, until_day);

CREATE TABLE contract_person (
    contract TEXT NOT NULL,
    log TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (contract, person)
);
CREATE INDEX contract_person_person ON contract_person (log, person);
