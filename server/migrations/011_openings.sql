-- The register of institutions (保険医療機関届), and 開放 of the emergency function.

-- Folded by domain::fold; what the register is searched by.
ALTER TABLE institution ADD COLUMN name_key TEXT;
UPDATE institution SET name_key = fold_name(name);
-- Digits; the only number that is called back.
ALTER TABLE institution ADD COLUMN telephone TEXT;
-- The only address that the report form is sent to.
ALTER TABLE institution ADD COLUMN email TEXT;

CREATE TABLE opening (
  id INTEGER PRIMARY KEY,
  -- What names it in addresses.
  public_id TEXT NOT NULL UNIQUE,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  -- protocol::http::OpeningStage of `state`. One that is 'opened' may be over by its time:
  -- whoever reads it asks `ends_at`, too.
  stage TEXT NOT NULL CHECK (stage IN ('requested', 'called_back', 'form_sent', 'opened', 'ended',
    'handed_in', 'acknowledged', 'refused', 'withdrawn')),
  -- domain::opening::Opening as JSON.
  state TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  -- The first moment at which the function is closed.
  ends_at INTEGER CHECK (stage <> 'opened' OR ends_at IS NOT NULL),
  changed_at INTEGER NOT NULL
) STRICT;
-- An institution has one at a time that leads to an open function, or is it.
CREATE UNIQUE INDEX opening_under_way ON opening (institution_id)
  WHERE stage IN ('requested', 'called_back', 'form_sent', 'opened');
CREATE INDEX opening_institution ON opening (institution_id, id);
CREATE INDEX opening_stage ON opening (stage, requested_at, id);
CREATE INDEX opening_end ON opening (ends_at) WHERE stage = 'opened';

-- What was done for an institution, in words, for its timeline. What must hold against
-- everybody is in the audit trail.
CREATE TABLE opening_step (
  id INTEGER PRIMARY KEY,
  institution_id INTEGER NOT NULL REFERENCES institution (id),
  -- NULL where it was about the register.
  opening_id INTEGER REFERENCES opening (id),
  at INTEGER NOT NULL,
  -- NULL where time did it, or the program itself.
  account_id INTEGER REFERENCES account (id),
  text TEXT NOT NULL
) STRICT;
CREATE INDEX opening_step_institution ON opening_step (institution_id, id);
