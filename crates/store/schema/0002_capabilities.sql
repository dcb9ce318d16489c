-- Rows of the capabilities. Each belongs to one log; personal columns hold references to sealed
-- records, and tags find rows by a personal value without showing it.
CREATE TABLE agency (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  pack TEXT NOT NULL
);
CREATE TABLE unit (
  id TEXT NOT NULL PRIMARY KEY,
  log TEXT NOT NULL,
  above TEXT,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  organisation TEXT NOT NULL
);
CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  number_sealed TEXT,
  number_tag TEXT
);
CREATE INDEX person_number ON person (number_tag, id);
CREATE TABLE assignment (
  id TEXT NOT NULL PRIMARY KEY,
  log TEXT NOT NULL,
  person TEXT NOT NULL,
  unit TEXT NOT NULL,
  role TEXT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT
);
CREATE INDEX assignment_person ON assignment (person);
CREATE INDEX assignment_unit ON assignment (unit, role);
CREATE TABLE account (
  login TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  password_at BIGINT NOT NULL,
  totp TEXT NOT NULL,
  locked_until BIGINT,
  open BIGINT NOT NULL CHECK (open IN (0, 1)),
  last_at BIGINT,
  last_address TEXT,
  before_at BIGINT,
  before_address TEXT
);
CREATE INDEX account_person ON account (person, login);
CREATE TABLE regulation (
  digest TEXT NOT NULL PRIMARY KEY,
  pack TEXT NOT NULL,
  version TEXT NOT NULL,
  from_day TEXT NOT NULL,
  files TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE case_file (
  id TEXT NOT NULL PRIMARY KEY,
  log TEXT NOT NULL,
  number TEXT NOT NULL,
  business TEXT NOT NULL,
  officer TEXT NOT NULL,
  unit TEXT NOT NULL,
  received TEXT NOT NULL,
  closed TEXT,
  at BIGINT NOT NULL,
  UNIQUE (log, number)
);
CREATE INDEX case_file_unit ON case_file (log, unit, at, id);
CREATE TABLE case_party (
  case_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  log TEXT NOT NULL,
  sealed TEXT NOT NULL,
  subject_tag TEXT,
  PRIMARY KEY (case_id, n)
);
CREATE INDEX case_party_subject ON case_party (subject_tag);
CREATE TABLE consent (
  id TEXT NOT NULL PRIMARY KEY,
  log TEXT NOT NULL,
  covers TEXT NOT NULL,
  basis TEXT,
  by_person TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX consent_covers ON consent (log, covers, from_at, id);
CREATE TABLE lookup (
  id TEXT NOT NULL PRIMARY KEY,
  log TEXT NOT NULL,
  asker TEXT NOT NULL,
  assignment TEXT NOT NULL,
  unit TEXT NOT NULL,
  case_id TEXT,
  case_number TEXT NOT NULL,
  purpose TEXT NOT NULL,
  basis TEXT NOT NULL,
  items TEXT NOT NULL,
  state TEXT NOT NULL,
  stamp TEXT NOT NULL,
  at BIGINT NOT NULL,
  moved_at BIGINT NOT NULL,
  stamped_at BIGINT,
  stamped_by TEXT,
  batch TEXT,
  lights TEXT NOT NULL,
  judged BIGINT NOT NULL CHECK (judged IN (0, 1)),
  judged_by TEXT,
  note TEXT,
  digest TEXT NOT NULL,
  place TEXT NOT NULL,
  address TEXT NOT NULL,
  sheet TEXT NOT NULL,
  subject_tag TEXT NOT NULL
);
-- A list is one person's, one unit's or the agency's, of all rows, of one state or of one stamp. Each of the
-- nine has an index that ends in the order of the list, so that a page costs what its rows cost.
CREATE INDEX lookup_asker ON lookup (log, asker, at, id);
CREATE INDEX lookup_asker_state ON lookup (log, asker, state, at, id);
CREATE INDEX lookup_asker_stamp ON lookup (log, asker, stamp, at, id);
CREATE INDEX lookup_unit ON lookup (log, unit, at, id);
CREATE INDEX lookup_unit_state ON lookup (log, unit, state, at, id);
CREATE INDEX lookup_unit_stamp ON lookup (log, unit, stamp, at, id);
CREATE INDEX lookup_log ON lookup (log, at, id);
CREATE INDEX lookup_log_state ON lookup (log, state, at, id);
CREATE INDEX lookup_log_stamp ON lookup (log, stamp, at, id);
-- What one case or one subject has is little: whose it is and where it stands is looked at row by row.
CREATE INDEX lookup_case ON lookup (log, case_number, at, id);
CREATE INDEX lookup_subject ON lookup (log, subject_tag, at, id);
