-- Passkeys: what is asked for at the log-in beside the password.

-- Whether every account of the institution needs one.
ALTER TABLE institution ADD COLUMN requires_passkey INTEGER NOT NULL DEFAULT 0
  CHECK (requires_passkey IN (0, 1));
-- What authenticators know the account by: 16 random bytes, made with its first passkey.
ALTER TABLE account ADD COLUMN passkey_user BLOB CHECK (length(passkey_user) = 16);

CREATE TABLE passkey (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  -- What the authenticator calls it; no two accounts may have the same.
  credential_id BLOB NOT NULL UNIQUE,
  -- What its owner calls it.
  name TEXT NOT NULL,
  -- webauthn_rs's Passkey as JSON: public key, counter, backup flags.
  credential TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;
CREATE INDEX passkey_account ON passkey (account_id);

-- Passkeys that were asked for and did not answer yet.
CREATE TABLE passkey_challenge (
  -- SHA-256 of the token that the page answers with.
  token_hash BLOB PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  -- The session that adds a passkey; NULL for a log-in.
  session_id INTEGER REFERENCES session (id) ON DELETE CASCADE,
  -- Whether the log-in ends the account's session elsewhere.
  take_over INTEGER NOT NULL CHECK (take_over IN (0, 1)),
  -- webauthn_rs's state as JSON.
  state TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_challenge_account ON passkey_challenge (account_id);
CREATE INDEX passkey_challenge_session ON passkey_challenge (session_id);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (expires_at);
