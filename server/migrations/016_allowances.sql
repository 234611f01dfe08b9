-- What accounts and institutions have spent of what they may do: when all of it will have
-- come back, in milliseconds since 1970. One row for each that ever spent anything.
CREATE TABLE allowance (
  kind TEXT NOT NULL CHECK (kind IN ('account', 'institution')),
  id INTEGER NOT NULL,
  back_at INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
