-- One row while a first import fills the store (store/filling.rs): how far it came. Its sorted
-- runs are in a folder of the machine that imports.
CREATE TABLE filling (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  -- As in `import_progress`; of what can be read once only there is none.
  file BYTEA,
  runs BIGINT NOT NULL,
  -- Rows in the runs.
  rows BIGINT NOT NULL,
  step TEXT COLLATE "C" NOT NULL CHECK (step IN ('reading', 'persons', 'keys', 'rest')),
  -- The last that is in the store: by the step a slot, a key, or a row of the file.
  position BIGINT NOT NULL,
  -- What the last step counted so far.
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL
);
