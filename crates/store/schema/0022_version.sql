-- What a version of an application followed: its form and its rule, and the post it was put forward from.

ALTER TABLE application_version ADD COLUMN form TEXT;
ALTER TABLE application_version ADD COLUMN digest TEXT;
ALTER TABLE application_version ADD COLUMN assignment TEXT;
ALTER TABLE application_version ADD COLUMN unit TEXT;
ALTER TABLE application_version ADD COLUMN organisation TEXT;
ALTER TABLE application_version ADD COLUMN role TEXT;
