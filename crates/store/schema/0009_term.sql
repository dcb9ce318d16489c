-- What a permission took the place of, and when its owner was told that it ends.
ALTER TABLE permission ADD COLUMN follows TEXT;
ALTER TABLE permission ADD COLUMN warned_at BIGINT;
CREATE INDEX permission_until ON permission (log, stopped, until_at, id);
