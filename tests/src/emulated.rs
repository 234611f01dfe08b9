//! A reader in memory as a device that some machine is given: shared by the test, which places
//! cards on it, and by what carries its transfers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use card::virtual_card::VirtualCard;
use card::virtual_reader::{Counts, Identity, Kind, RadioHabits, Unplugged, VirtualReader};

/// A reader, and everybody who knows it.
#[derive(Debug, Clone)]
pub struct EmulatedReader {
    kind: Kind,
    reader: Arc<Mutex<VirtualReader>>,
}

impl EmulatedReader {
    /// One that nobody has plugged in so far, without a card.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            reader: Arc::new(Mutex::new(VirtualReader::new(kind))),
        }
    }

    /// What it says it is.
    pub fn identity(&self) -> Identity {
        self.kind.identity()
    }

    /// Places a card on it, instead of the one that may be there.
    pub fn place(&self, card: VirtualCard) {
        self.lock().place(card, RadioHabits::default());
    }

    /// Takes the card away.
    pub fn remove(&self) {
        self.lock().remove();
    }

    /// What was done with it since it was plugged in.
    pub fn counts(&self) -> Counts {
        self.lock().counts()
    }

    /// Whether its field is on.
    pub fn has_field(&self) -> bool {
        self.lock().has_field()
    }

    /// It gets its power: nothing is left of what it was told before, and no card lies on it.
    pub(crate) fn power_on(&self) {
        *self.lock() = VirtualReader::new(self.kind);
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Unplugged> {
        self.lock().write(bytes)
    }

    pub(crate) fn read(&self) -> Result<Option<Vec<u8>>, Unplugged> {
        self.lock().read()
    }

    /// A test that failed while it held the reader is no reason for another failure.
    fn lock(&self) -> MutexGuard<'_, VirtualReader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
