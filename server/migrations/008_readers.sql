-- Readers' own screens, their pairing, and visual confirmations.

-- One row: how often the store was opened by a service. What screens follow is numbered
-- from here, so that the numbers grow over restarts.
CREATE TABLE revision (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, epoch) VALUES (1, 0);

-- One row: the last number that a session was given. A result belongs to a session by
-- its number, so a number must never come again.
CREATE TABLE last_session (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO last_session (id, number) SELECT 1, coalesce(max(id), 0) FROM session;

CREATE TABLE reader_screen (
  id INTEGER PRIMARY KEY,
  -- What names it in addresses.
  public_id TEXT NOT NULL UNIQUE,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  name TEXT NOT NULL,
  -- SHA-256 of the cookie's token.
  token_hash BLOB NOT NULL UNIQUE,
  registered_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX reader_screen_institution ON reader_screen (institution_id) WHERE revoked_at IS NULL;

-- A code that a screen may be registered with, once.
CREATE TABLE reader_pairing (
  -- SHA-256 of the code.
  code_hash BLOB PRIMARY KEY,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  name TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  -- Wrong codes entered anywhere since it was made.
  wrong_entries INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE visual_confirmation (
  id INTEGER PRIMARY KEY,
  -- What names it in addresses.
  public_id TEXT NOT NULL UNIQUE,
  reader_screen_id INTEGER NOT NULL REFERENCES reader_screen (id),
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  -- The session that began it at a terminal.
  session_id INTEGER,
  -- domain::visual_confirmation: Open until it ended, then Completed; nothing is kept of
  -- one that ended without a result.
  state TEXT,
  -- From when on it is over if nobody does anything; of a result: from when on it can't
  -- be opened any more.
  expires_at INTEGER NOT NULL,
  -- When the reader was back to normal.
  ended_at INTEGER,
  CHECK (state IS NOT NULL OR ended_at IS NOT NULL)
) STRICT;
-- A reader has one at a time.
CREATE UNIQUE INDEX visual_confirmation_open ON visual_confirmation (reader_screen_id)
  WHERE ended_at IS NULL;
CREATE INDEX visual_confirmation_institution ON visual_confirmation (institution_id, expires_at);
CREATE INDEX visual_confirmation_end ON visual_confirmation (ended_at) WHERE ended_at IS NOT NULL;

-- What the eligibility came about by.
ALTER TABLE candidate ADD COLUMN visual_confirmation_id INTEGER
  REFERENCES visual_confirmation (id) ON DELETE SET NULL;
