-- Files that show that a duty was done, such as certificates of training; name and content are names of
-- sealed values.
CREATE TABLE duty_attachment (
    id TEXT NOT NULL PRIMARY KEY,
    duty TEXT NOT NULL,
    log TEXT NOT NULL,
    field TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX duty_attachment_of ON duty_attachment (duty, at, id);

-- Who signed a list of handing over after giver and receiver, where the rule names who does.
ALTER TABLE handover ADD COLUMN signed TEXT;
