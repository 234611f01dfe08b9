-- 目視確認用パスコード, presented cards that nobody is linked with, and what reader
-- screens ask.

CREATE TABLE passcode (
  id INTEGER PRIMARY KEY,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  issued_by INTEGER NOT NULL REFERENCES account (id),
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- Argon2id in PHC string form, made with a secret that is not in the store: four
  -- digits alone could be found from any hash. Gone with the passcode's end.
  hash TEXT,
  ended_at INTEGER,
  ended_as TEXT CHECK (ended_as IN ('expired', 'superseded', 'revoked', 'void')),
  last_used_at INTEGER,
  -- Over its whole life; counted before an entry is compared.
  wrong_entries INTEGER NOT NULL DEFAULT 0,
  last_wrong_at INTEGER,
  -- When an administrator has seen to it that it is void.
  seen_to_at INTEGER,
  CHECK ((ended_at IS NULL) = (ended_as IS NULL)),
  CHECK ((ended_at IS NULL) = (hash IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX passcode_in_force ON passcode (institution_id) WHERE ended_at IS NULL;
CREATE INDEX passcode_institution ON passcode (institution_id, id);

-- At which screens wrong entries were made, by the names that they had.
CREATE TABLE passcode_wrong_entry (
  passcode_id INTEGER NOT NULL REFERENCES passcode (id) ON DELETE CASCADE,
  reader_screen TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (passcode_id, reader_screen)
) STRICT, WITHOUT ROWID;

-- For ten minutes, so that an administrator can link it.
CREATE TABLE unlinked_card (
  id TEXT PRIMARY KEY,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  -- The name that the screen had.
  reader_screen TEXT NOT NULL,
  -- As in `person`.
  certificate_serial_number TEXT NOT NULL,
  presented_at INTEGER NOT NULL,
  UNIQUE (institution_id, certificate_serial_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX unlinked_card_time ON unlinked_card (presented_at);

-- domain::consent::ConsentBundle in the order of asking, as JSON; an institution
-- without a row asks what is usual.
CREATE TABLE consents_asked (
  institution_id INTEGER PRIMARY KEY REFERENCES institution (id),
  bundles TEXT NOT NULL
) STRICT;
