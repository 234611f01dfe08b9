-- Indexes that an import into an empty store makes at its end (store/indexes.rs): a
-- row of keys in no order would otherwise write a page of each of them.
CREATE TABLE deferred_index (
  name TEXT PRIMARY KEY,
  -- The statement that makes it.
  sql TEXT NOT NULL
) STRICT, WITHOUT ROWID;
