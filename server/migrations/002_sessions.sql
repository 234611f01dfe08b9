-- Log-ins that are limited, sessions that say why they ended, accounts that
-- administrators manage.

-- When a password that somebody else set is no longer good; NULL for a password
-- that the account's owner chose.
ALTER TABLE account ADD COLUMN one_time_until INTEGER;
ALTER TABLE account ADD COLUMN last_logged_in_at INTEGER;

-- Why a session ended that its page may still ask for; kept for a day. Sessions
-- that idleness or age has ended need no row: their times say so.
CREATE TABLE ended_session (
  token_hash BLOB PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('taken_over', 'everywhere', 'account_changed')),
  ended_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_session_time ON ended_session (ended_at);

-- Failed attempts in a row, by SHA-256 of what they are counted by.
CREATE TABLE failed_attempt (
  key BLOB PRIMARY KEY,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX failed_attempt_time ON failed_attempt (last_at);
