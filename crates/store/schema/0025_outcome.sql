-- What a decision chose among the results that the form prints, and what it set with it: the first day, and
-- the ticks that were left out.

ALTER TABLE application_stamp ADD COLUMN outcome TEXT;
ALTER TABLE application_stamp ADD COLUMN effective TEXT;
ALTER TABLE application_stamp ADD COLUMN left_out TEXT;
