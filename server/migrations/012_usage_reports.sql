-- 利用報告書: what an institution says of how it used the function.
CREATE TABLE usage_report (
  opening_id INTEGER PRIMARY KEY REFERENCES opening (id),
  -- Grows with each saving.
  version INTEGER NOT NULL CHECK (version >= 1),
  -- domain::usage_report::UsageReportFields as JSON.
  fields TEXT NOT NULL,
  -- All that was handed in, or is being sent, as JSON; whether it was handed in, the opening's
  -- stage tells.
  frozen TEXT,
  -- Until when the mail server's answer is waited for. Past that nobody knows whether it has
  -- the mail. NULL when nothing was sent, or surely was not taken.
  sending_until INTEGER CHECK (sending_until IS NULL OR frozen IS NOT NULL)
) STRICT;
