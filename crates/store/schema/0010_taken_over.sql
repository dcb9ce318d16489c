-- The number of the application that a permission followed from in an older system.
ALTER TABLE permission ADD COLUMN formerly TEXT;
