-- Everything that imports write is in a file of its own, attached as `persons`: whoever
-- brings rows there holds up nobody who writes to the other (store/apart.rs).

-- One row a person, clustered by what a search knows: the row's number is made of the day
-- of birth, the sex and a hash of the kana (store/persons/keys.rs), so that a search by
-- kana reads a few neighbouring rows and needs no index. All that is known of the person
-- is packed into the row (store/persons/person.rs).
CREATE TABLE persons.person (
  id INTEGER PRIMARY KEY,
  record BLOB NOT NULL
) STRICT;

-- Every other way to a person, as a hash: his other names, the identifier that files name
-- him by, his certificate. What hashes alike is told apart by the rows themselves.
CREATE TABLE persons.person_key (
  key INTEGER NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (key, person)
) STRICT, WITHOUT ROWID;

-- Insurers as coverages name them: a few thousand for millions of rows.
CREATE TABLE persons.insurer (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (number, name)
) STRICT;

-- One row: what persons' numbers are made with from the numbers of their rows, which would
-- tell when somebody was born (store/persons/number.rs).
CREATE TABLE persons.person_number (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;
INSERT INTO persons.person_number (id, secret) VALUES (1, randomblob(32));

-- The numbers that persons had before they were packed, and keep.
CREATE TABLE persons.former_person (
  number INTEGER PRIMARY KEY,
  person INTEGER NOT NULL
) STRICT;

-- Imports that have not ended, one row a file: everything before `place` is in the store.
CREATE TABLE persons.import_progress (
  -- SHA-256 over the file's size, beginning and encoding; which file it was is not kept.
  file BLOB PRIMARY KEY,
  place INTEGER NOT NULL,
  line INTEGER NOT NULL,
  -- SHA-256 of the bytes before `place`.
  prefix BLOB NOT NULL,
  rejected_bytes INTEGER NOT NULL,
  -- server::import::Summary as JSON.
  summary TEXT NOT NULL,
  noted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row while a first import fills the store (store/filling.rs): how far it came. Its
-- sorted runs are in a folder beside the store.
CREATE TABLE persons.filling (
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

-- Has no rows: deleting them takes the turn to write, and changes nothing.
CREATE TABLE persons.turn_of_persons (id INTEGER PRIMARY KEY) STRICT;

PRAGMA persons.user_version = 1;
