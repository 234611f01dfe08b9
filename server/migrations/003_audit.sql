-- The trail becomes a chain: each line has the hash of itself and the line before
-- (domain::audit). A line reads by itself, so it refers to no other table.
DROP TRIGGER audit_is_never_changed;
DROP TRIGGER audit_is_never_shortened;
DROP INDEX audit_institution;
-- Its lines are chained by the program right after this, and then it is dropped.
ALTER TABLE audit RENAME TO audit_unchained;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  user_id TEXT,
  role TEXT,
  medical_institution_code TEXT,
  -- The store's own number of the person: a file's identifier may be made of what
  -- is printed on a card.
  person_id INTEGER CHECK (person_id >= 0),
  -- The random id that the service gave to the browser.
  device TEXT,
  outcome TEXT,
  request_id TEXT,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_institution ON audit (medical_institution_code, sequence);
CREATE INDEX audit_at ON audit (at);

-- Where the chain begins: the last line that the retention has removed.
CREATE TABLE audit_anchor (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO audit_anchor (id, sequence, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_is_only_appended_to BEFORE INSERT ON audit
WHEN NEW.sequence <> 1 + coalesce(
  (SELECT max(sequence) FROM audit), (SELECT sequence FROM audit_anchor))
BEGIN SELECT RAISE(ABORT, 'the audit trail is only appended to'); END;
-- The retention moves the anchor to a line and then removes it and those before.
CREATE TRIGGER audit_is_shortened_by_the_retention_only BEFORE DELETE ON audit
WHEN OLD.sequence > (SELECT sequence FROM audit_anchor)
BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END;
CREATE TRIGGER audit_anchor_moves_to_a_line BEFORE UPDATE ON audit_anchor
WHEN NEW.hash IS NOT (SELECT hash FROM audit WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the anchor is a line of the trail'); END;
CREATE TRIGGER audit_anchor_is_never_removed BEFORE DELETE ON audit_anchor
BEGIN SELECT RAISE(ABORT, 'the anchor is never removed'); END;
