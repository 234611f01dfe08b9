//! Argon2id that gives its memory back.
//!
//! Each hash fills 19 MiB. The library asks the allocator for them, and glibc's learns from
//! the first piece that it is given back to keep the next ones, for each of its threads: after
//! a morning's log-ins, hundreds of megabytes are resident that nobody uses.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher, Error};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Blocks of more than 32 MiB: glibc has such a piece from the system and returns it at once,
/// whatever it learnt (`mallopt(3)`, `M_MMAP_THRESHOLD`). What is not filled is never resident.
const RETURNED_BLOCKS: usize = 33 * 1024 * 1024 / Block::SIZE;

/// Hashes and, by its [`password_hash::PasswordVerifier`], checks passwords.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hasher<'s> {
    /// Goes into each hash; empty is none.
    secret: &'s [u8],
}

impl<'s> Hasher<'s> {
    /// With a secret that no hash tells.
    pub(crate) const fn with_secret(secret: &'s [u8]) -> Self {
        Self { secret }
    }

    /// A hash with the library's current parameters.
    pub(crate) fn hash(self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_with_params(password, salt, Params::default())
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Hasher<'_> {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?;
        let algorithm = algorithm.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?;
        let version = version.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let mut output = [0; Output::MAX_LENGTH];
        let output = output.get_mut(..length).ok_or(Error::OutputSize)?;
        let mut blocks = blocks(params.block_count())?;
        let written = ParamsString::try_from(&params)?;
        Argon2::new_with_secret(self.secret, algorithm, version, params)?
            .hash_password_into_with_memory(password, &salt, output, &mut blocks[..])?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: written,
            salt: Some(salt),
            hash: Some(Output::new(output)?),
        })
    }
}

/// So many empty blocks that the system has back as soon as they are dropped.
fn blocks(count: usize) -> password_hash::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let reserved = blocks.try_reserve_exact(count.max(RETURNED_BLOCKS));
    reserved.map_err(|_| Error::OutOfMemory)?;
    blocks.resize(count, Block::new());
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    const SALT: &[u8] = b"0123456789abcdef";

    #[test]
    fn hashes_are_those_of_the_library() {
        let secret = b"a secret".as_slice();
        let params = Params::default();
        let of_library =
            Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
        for (hasher, library) in [
            (Hasher::default(), Argon2::default()),
            (Hasher::with_secret(secret), of_library),
        ] {
            let hash = hasher.hash(b"shikaku-demo", SALT).unwrap();
            let expected = library.hash_password_with_salt(b"shikaku-demo", SALT);
            assert_eq!(hash.to_string(), expected.unwrap().to_string());
        }
    }

    #[test]
    fn a_hash_is_checked_with_its_own_parameters() {
        let params = Params::new(64, 3, 2, Some(16)).unwrap();
        let old = Argon2::new(Algorithm::Argon2i, Version::V0x10, params);
        let old = old.hash_password_with_salt(b"old", SALT).unwrap();
        let hasher = Hasher::default();
        assert_eq!(hasher.verify_password(b"old", &old), Ok(()));
        let other = hasher.verify_password(b"other", &old);
        assert_eq!(other, Err(Error::PasswordInvalid));
    }
}
