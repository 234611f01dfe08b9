-- Imports that have not ended, one row a file: everything before `place` is in the store.
CREATE TABLE import_progress (
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
