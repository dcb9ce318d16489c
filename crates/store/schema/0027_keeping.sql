-- When what stood in an application was destroyed; 0 while it is kept.
ALTER TABLE application ADD COLUMN destroyed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX application_kept ON application (log, digest, destroyed_at, since, id);

-- The first day on which nobody can be in a unit any more; none while it is open.
ALTER TABLE unit ADD COLUMN closed_day TEXT;
