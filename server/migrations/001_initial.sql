-- Terms are those of the domain crate's glossary. Times are milliseconds since
-- 1970-01-01T00:00:00Z, days are ISO 8601, codes are the interface's (OQSCDnnn).

-- One row, made by the first thing that decides it: whether this store is for the
-- demo (public passwords, invented persons) or for work. The two never mix.
CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  purpose TEXT NOT NULL CHECK (purpose IN ('demo', 'work'))
) STRICT;

CREATE TABLE institution (
  id INTEGER PRIMARY KEY,
  medical_institution_code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  user_id TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('staff', 'administrator', 'operator')),
  -- Argon2id in PHC string form.
  password_hash TEXT NOT NULL,
  -- An account whose password is public: it can log in to a service in demo mode only.
  is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  -- SHA-256 of the cookie's token: who reads the store can't take a session over.
  token_hash BLOB NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES account (id),
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id);

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  person_identifier TEXT NOT NULL UNIQUE,
  -- Upper-case hexadecimal, without leading zeros.
  certificate_serial_number TEXT
) STRICT;
CREATE INDEX person_certificate ON person (certificate_serial_number)
  WHERE certificate_serial_number IS NOT NULL;

CREATE TABLE coverage (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  -- Tells a person's coverages apart: insurer, symbol, number, branch, first day.
  coverage_key TEXT NOT NULL,
  birthdate TEXT NOT NULL,
  sex1 TEXT NOT NULL,
  -- Folded by domain::fold; what is searched.
  name_key TEXT NOT NULL,
  name_kana_key TEXT,
  address_key TEXT,
  insurer_name_key TEXT NOT NULL,
  -- 1 where a key holds ●, which no index can match.
  has_unencodable INTEGER NOT NULL CHECK (has_unencodable IN (0, 1)),
  -- domain::coverage::Coverage as JSON.
  record TEXT NOT NULL,
  UNIQUE (person_id, coverage_key)
) STRICT;
CREATE INDEX coverage_name ON coverage (birthdate, sex1, name_key);
CREATE INDEX coverage_name_kana ON coverage (birthdate, sex1, name_kana_key);
CREATE INDEX coverage_unencodable ON coverage (birthdate, sex1) WHERE has_unencodable = 1;

-- A person found by a search, for the session that searched, for ten minutes.
CREATE TABLE candidate (
  id TEXT PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES person (id),
  qualification_confirmation_date TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX candidate_session ON candidate (session_id);
CREATE INDEX candidate_expiry ON candidate (expires_at);

-- Who did what to whose information, when. Rows are only ever added.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  account_id INTEGER REFERENCES account (id),
  institution_id INTEGER REFERENCES institution (id),
  role TEXT,
  person_id INTEGER REFERENCES person (id),
  outcome TEXT,
  request_id TEXT
) STRICT;
CREATE INDEX audit_institution ON audit (institution_id, at);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END;
