-- One row a person, clustered by what a search knows: the row's number is made of the day
-- of birth, the sex and a hash of the kana (store/persons/keys.rs), so that a search by
-- kana reads a few neighbouring rows and needs no index. All that is known of the person
-- is packed into the row (store/persons/person.rs).
ALTER TABLE person RENAME TO person_unpacked;
ALTER TABLE coverage RENAME TO coverage_unpacked;
DROP TABLE deferred_index;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  record BLOB NOT NULL
) STRICT;

-- Every other way to a person, as a hash: his other names, the identifier that files name
-- him by, his certificate. What hashes alike is told apart by the rows themselves.
CREATE TABLE person_key (
  key INTEGER NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (key, person)
) STRICT, WITHOUT ROWID;

-- Insurers as coverages name them: a few thousand for millions of rows.
CREATE TABLE insurer (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (number, name)
) STRICT;

-- One row: what persons' numbers are made with from the numbers of their rows, which would
-- tell when somebody was born (store/persons/number.rs).
CREATE TABLE person_number (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;
INSERT INTO person_number (id, secret) VALUES (1, randomblob(32));

-- The numbers that persons had before this migration, and keep.
CREATE TABLE former_person (
  number INTEGER PRIMARY KEY,
  person INTEGER NOT NULL
) STRICT;

-- As before, with a person's number in place of a row's.
CREATE TABLE candidate_of_number (
  id TEXT PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  person_id INTEGER NOT NULL,
  qualification_confirmation_date TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  visual_confirmation_id INTEGER REFERENCES visual_confirmation (id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;
INSERT INTO candidate_of_number
SELECT id, session_id, person_id, qualification_confirmation_date, expires_at,
  visual_confirmation_id FROM candidate;
DROP TABLE candidate;
ALTER TABLE candidate_of_number RENAME TO candidate;
CREATE INDEX candidate_session ON candidate (session_id);
CREATE INDEX candidate_expiry ON candidate (expires_at);

-- One row while a first import fills the store (store/filling.rs): how far it came. Its
-- sorted runs are in a folder beside the store.
CREATE TABLE filling (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- As in `import_progress`; of what can be read once only there is none.
  file BLOB,
  runs INTEGER NOT NULL,
  -- Rows in the runs.
  rows INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('reading', 'persons', 'keys', 'rest')),
  -- The last that is in the store: by the step a slot, a key, or a row of the file.
  position INTEGER NOT NULL,
  -- What the last step counted so far.
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL
) STRICT;
