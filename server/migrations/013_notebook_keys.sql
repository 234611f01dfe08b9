-- 控え: what an institution's notes are sealed with on its terminals, and for how long they
-- are kept. The private half opens notes that only terminals have, and never a line of this store.
CREATE TABLE notebook_key (
  institution_id INTEGER PRIMARY KEY REFERENCES institution (id),
  -- ECDH on P-256, base64url.
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL
) STRICT;

CREATE TABLE notebook_rule (
  institution_id INTEGER PRIMARY KEY REFERENCES institution (id),
  keep_hours INTEGER NOT NULL
) STRICT;
