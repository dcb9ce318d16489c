-- What a version of an application asked for, and for whom: its author may already be writing something else.

ALTER TABLE application_version ADD COLUMN action TEXT;
ALTER TABLE application_version ADD COLUMN people TEXT;
ALTER TABLE application_version ADD COLUMN items TEXT;
