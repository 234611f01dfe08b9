//! Passkeys, and who has to have one.

use domain::passkey::PasskeyName;
use domain::timestamp::Timestamp;

use super::sql::{OptionalExtension, named_params};
use super::{AccountId, Reader, StoreError, Writer};

/// The store's number of a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasskeyId(i64);

impl PasskeyId {
    /// The passkey of a number, if there is one.
    pub const fn of(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// A passkey as it is kept.
#[derive(Debug, Clone)]
pub struct StoredPasskey {
    /// The store's number.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: PasskeyName,
    /// What the library keeps of it, as JSON.
    pub credential: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last logged in with it.
    pub last_used_at: Option<Timestamp>,
}

impl Reader<'_> {
    /// The passkeys of an account, the oldest first.
    pub fn passkeys_of(&self, account: AccountId) -> Result<Vec<StoredPasskey>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT id, name, credential, created_at, last_used_at FROM passkey
             WHERE account_id = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([account.0])?;
        let mut passkeys = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let name: String = row.get(1)?;
            let last_used_at: Option<i64> = row.get(4)?;
            passkeys.push(StoredPasskey {
                id: PasskeyId(id),
                name: name.parse().map_err(|_| StoreError::Inconsistent {
                    table: "passkey",
                    column: "name",
                    id,
                })?,
                credential: row.get(2)?,
                created_at: Timestamp::from_unix_milliseconds(row.get(3)?),
                last_used_at: last_used_at.map(Timestamp::from_unix_milliseconds),
            });
        }
        Ok(passkeys)
    }
}

impl Writer<'_> {
    /// What authenticators know an account by; this, if it has no such name yet.
    pub fn passkey_user(&self, account: AccountId, new: [u8; 16]) -> Result<[u8; 16], StoreError> {
        Ok(self.sql().query_row(
            "UPDATE account SET passkey_user = coalesce(passkey_user, ?2) WHERE id = ?1
             RETURNING passkey_user",
            (account.0, new),
            |row| row.get(0),
        )?)
    }

    /// Adds a passkey; `None` when somebody has it already.
    pub fn add_passkey(
        &self,
        account: AccountId,
        name: &PasskeyName,
        credential_id: &[u8],
        credential: &str,
    ) -> Result<Option<PasskeyId>, StoreError> {
        let id = self
            .sql()
            .query_row(
                "INSERT INTO passkey (account_id, credential_id, name, credential, created_at)
                 VALUES (:account, :credential_id, :name, :credential, :now)
                 ON CONFLICT (credential_id) DO NOTHING RETURNING id",
                named_params! {
                    ":account": account.0,
                    ":credential_id": credential_id,
                    ":name": name.as_str(),
                    ":credential": credential,
                    ":now": self.now().unix_milliseconds(),
                },
                |row| row.get(0),
            )
            .optional()?;
        Ok(id.map(PasskeyId))
    }

    /// Notes that an account's passkey was used, and what it has become.
    pub fn use_passkey(&self, id: PasskeyId, credential: &str) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE passkey SET last_used_at = ?2, credential = ?3 WHERE id = ?1",
            (id.0, self.now().unix_milliseconds(), credential),
        )?;
        Ok(())
    }

    /// Gives an account's passkey another name; says whether there is such a passkey.
    pub fn rename_passkey(
        &self,
        account: AccountId,
        id: PasskeyId,
        name: &PasskeyName,
    ) -> Result<bool, StoreError> {
        let changed = self.sql().execute(
            "UPDATE passkey SET name = ?3 WHERE account_id = ?1 AND id = ?2",
            (account.0, id.0, name.as_str()),
        )?;
        Ok(changed > 0)
    }

    /// Removes an account's passkey; says whether there was such a passkey.
    pub fn remove_passkey(&self, account: AccountId, id: PasskeyId) -> Result<bool, StoreError> {
        let removed = self.sql().execute(
            "DELETE FROM passkey WHERE account_id = ?1 AND id = ?2",
            (account.0, id.0),
        )?;
        Ok(removed > 0)
    }

    /// Removes all passkeys of an account; its sessions end.
    pub fn reset_passkeys(&self, account: AccountId) -> Result<(), StoreError> {
        self.sql()
            .execute("DELETE FROM passkey WHERE account_id = ?1", [account.0])?;
        self.end_sessions_of(account, domain::session::SessionEnd::AccountChanged, None)
    }

    /// Makes passkeys a must for an institution's accounts, or a choice.
    pub fn require_passkeys(
        &self,
        institution_id: i64,
        is_required: bool,
    ) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE institution SET requires_passkey = ?2 WHERE id = ?1",
            (institution_id, is_required),
        )?;
        Ok(())
    }
}
