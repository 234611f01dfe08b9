//! Candidates: persons that were found, under ids that only the session can open that they were
//! given to.
//!
//! An id is the person's number itself with what else has to be known, sealed under a key that is
//! made from the session's token. So nothing is kept of it: a search changes nothing but the audit
//! trail, whichever server is asked next can open it, and with the session it is good for nothing.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::date::Date;
use domain::timestamp::Timestamp;
use domain::visual_confirmation::PersonNumber;
use protocol::http::CandidateId;

use crate::entropy::{Entropy, NoEntropy};
use crate::store::{PersonId, VisualConfirmationNumber};

/// Random for each id (NIST SP 800-38D §8.2.2): one session is given far fewer than 2^32.
const NONCE: usize = 12;
/// Four numbers; in front of them the nonce, behind them a tag of 16 bytes.
const CONTENT: usize = 32;
/// In place of the number of a visual confirmation; those begin at one.
const NONE: i64 = 0;

/// Whom an id names, and what for.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Candidate {
    pub(crate) person: PersonId,
    /// 資格確認日 of the search.
    pub(crate) day: Date,
    /// From then on the id opens nobody.
    pub(crate) expires_at: Timestamp,
    /// What it came about by, if it was a visual confirmation.
    pub(crate) visual_confirmation: Option<VisualConfirmationNumber>,
}

/// Seals a session's candidates, and opens them.
pub(crate) struct Seal(Aes256Gcm);

impl Seal {
    /// Of a key that nobody else has.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(Aes256Gcm::new(&key.into()))
    }

    /// An id for a candidate.
    pub(crate) fn close(
        &self,
        candidate: &Candidate,
        entropy: &dyn Entropy,
    ) -> Result<CandidateId, NoEntropy> {
        let nonce = entropy.bytes::<NONCE>()?;
        let content = candidate.content();
        let sealed = self.0.encrypt(&Nonce::from(nonce), content.as_slice());
        // Only what is longer than memory is refused.
        let sealed = sealed.map_err(|_| NoEntropy)?;
        let id = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        id.parse().map_err(|_| NoEntropy)
    }

    /// Whom an id names: nobody if it is another session's, or none, or its time is over.
    pub(crate) fn open(&self, id: &CandidateId, now: Timestamp) -> Option<Candidate> {
        let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let content = self.0.decrypt(&Nonce::from(*nonce), sealed).ok()?;
        let candidate = Candidate::read(&content)?;
        (now < candidate.expires_at).then_some(candidate)
    }
}

impl Candidate {
    fn content(&self) -> [u8; CONTENT] {
        let numbers = [
            PersonNumber::from(self.person).0,
            self.day.days_since_unix_epoch(),
            self.expires_at.unix_milliseconds(),
            self.visual_confirmation.map_or(NONE, |it| it.0),
        ];
        let mut content = [0; CONTENT];
        for (part, number) in content.as_chunks_mut().0.iter_mut().zip(numbers) {
            *part = number.to_be_bytes();
        }
        content
    }

    fn read(content: &[u8]) -> Option<Self> {
        let (numbers, []) = content.as_chunks() else {
            return None;
        };
        let [person, days, expires_at, behind] = *<&[[u8; 8]; 4]>::try_from(numbers).ok()?;
        let behind = i64::from_be_bytes(behind);
        Some(Self {
            person: PersonNumber(i64::from_be_bytes(person)).into(),
            day: Date::from_days_since_unix_epoch(i64::from_be_bytes(days)),
            expires_at: Timestamp::from_unix_milliseconds(i64::from_be_bytes(expires_at)),
            visual_confirmation: (behind != NONE).then_some(VisualConfirmationNumber(behind)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
            Ok(())
        }
    }

    const NOW: Timestamp = Timestamp::from_unix_milliseconds(1_000);

    fn candidate(visual_confirmation: Option<i64>) -> Candidate {
        Candidate {
            person: PersonNumber(1 << 48 | 7).into(),
            day: Date::new(2026, 11, 22).unwrap(),
            expires_at: Timestamp::from_unix_milliseconds(1_001),
            visual_confirmation: visual_confirmation.map(VisualConfirmationNumber),
        }
    }

    #[test]
    fn the_session_it_was_given_to_opens_it_until_its_time_is_over() {
        let entropy = Counting(0.into());
        let (own, other) = (Seal::new([1; 32]), Seal::new([2; 32]));
        for expected in [candidate(None), candidate(Some(3))] {
            let id = own.close(&expected, &entropy).unwrap();
            assert_eq!(own.open(&id, NOW), Some(expected));
            assert_eq!(own.open(&id, expected.expires_at), None, "over");
            assert_eq!(other.open(&id, NOW), None, "another session's");
            let again = own.close(&expected, &entropy).unwrap();
            assert_ne!(id, again, "two look-ups are not seen to be of one person");
        }
    }

    #[test]
    fn an_id_with_anything_changed_opens_nobody() {
        let own = Seal::new([1; 32]);
        let id = own.close(&candidate(None), &Counting(0.into())).unwrap();
        for place in 0..id.as_str().len() {
            let mut text = id.as_str().to_owned();
            let letter = if text[place..].starts_with('A') {
                "B"
            } else {
                "A"
            };
            text.replace_range(place..=place, letter);
            assert_eq!(own.open(&text.parse().unwrap(), NOW), None, "{place}");
        }
        assert_eq!(own.open(&"A".repeat(80).parse().unwrap(), NOW), None);
    }
}
