//! Messages that come in however many transfers.

use core::fmt;
use core::time::Duration;

use super::run::Port;
use super::{Malformed, ReaderError};

/// What came and was not taken yet. `Debug` shows lengths, never bytes.
#[derive(Default)]
pub(super) struct Received(Vec<u8>);

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({} bytes, masked)", self.0.len())
    }
}

impl Received {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets what came.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The next message. `parse` finds it at the beginning, with its length, or says that
    /// more has to come: in transfers of at most `most` bytes, each of them `within` that time.
    pub(super) async fn next<M>(
        &mut self,
        port: &Port,
        parse: impl Fn(&[u8]) -> Result<Option<(M, usize)>, Malformed>,
        most: usize,
        within: Duration,
    ) -> Result<M, ReaderError> {
        loop {
            if let Some((message, length)) = parse(&self.0)? {
                self.0.drain(..length);
                return Ok(message);
            }
            let bytes = port.read(most, within).await?;
            let bytes = bytes.ok_or(ReaderError::NotResponding)?;
            // An empty packet would be asked for again without end.
            if bytes.is_empty() {
                return Err(Malformed::Length.into());
            }
            self.0.extend(bytes);
        }
    }
}
