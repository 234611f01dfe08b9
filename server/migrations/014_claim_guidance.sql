-- 請求の案内: an institution's own words for claims whose insurer nobody knows.
CREATE TABLE claim_guidance (
  institution_id INTEGER PRIMARY KEY REFERENCES institution (id),
  -- Grows with each change.
  version INTEGER NOT NULL CHECK (version >= 1),
  -- domain::claim_guidance::GuidanceText. NULL where the product's standard was put back.
  text TEXT CHECK (length(text) BETWEEN 1 AND 1000),
  -- Who changed it last, and when.
  changed_by INTEGER NOT NULL REFERENCES account (id),
  changed_at INTEGER NOT NULL
) STRICT;
