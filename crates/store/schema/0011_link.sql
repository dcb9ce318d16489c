-- What bodies outside say along a chain comes by letter: its number and its day stand with the stamp.

ALTER TABLE application_stamp ADD COLUMN letter TEXT;
ALTER TABLE application_stamp ADD COLUMN letter_day TEXT;
