//! A virtual card in a virtual reader: the card's side of vpcd's protocol
//! (Virtual Smart Card, <https://frankmorgner.github.io/vsmartcard/>).
//!
//! The card connects to the reader. Each message is its length in two bytes, big-endian, and
//! as many bytes. One byte is an order of the reader's, anything else a command; a closed
//! connection is a card that was taken away.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use card::virtual_card::VirtualCard;

/// The port of the first slot, as Debian's package sets it up.
pub const PORT: u16 = 35_963;

/// Orders of the reader's.
const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

/// How a card in a slot behaves beyond what it answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// How long it thinks about each command. A real card takes about 20 ms.
    pub delay: Duration,
    /// It is taken away instead of answering, after as many answered commands.
    pub is_gone_after: Option<usize>,
}

/// A card in a slot. Dropping it takes it away.
#[derive(Debug)]
pub struct InsertedCard {
    connection: TcpStream,
    answered: Arc<AtomicUsize>,
    slot: Option<JoinHandle<VirtualCard>>,
}

impl InsertedCard {
    /// Puts a card into the slot that listens on this port.
    pub fn insert(port: u16, card: VirtualCard, manner: Manner) -> Result<Self> {
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("no virtual reader listens on port {port}"))?;
        let answered = Arc::default();
        let mut slot = Slot {
            connection: connection.try_clone()?,
            card,
            manner,
            answered: Arc::clone(&answered),
        };
        let slot = thread::spawn(move || {
            // However it ends, the card has been taken away.
            let _ = slot.serve();
            let _ = slot.connection.shutdown(Shutdown::Both);
            slot.card
        });
        Ok(Self {
            connection,
            answered,
            slot: Some(slot),
        })
    }

    /// How many commands it has answered so far.
    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }

    /// Whether it has neither been taken away nor lost its reader.
    pub fn is_in_slot(&self) -> bool {
        self.slot.as_ref().is_some_and(|slot| !slot.is_finished())
    }

    /// Takes the card away.
    pub fn pull(mut self) -> Result<VirtualCard> {
        let _ = self.connection.shutdown(Shutdown::Both);
        self.wait()
    }

    /// Waits until the card is taken away, or its reader goes.
    pub fn wait(&mut self) -> Result<VirtualCard> {
        let slot = self.slot.take().context("the card is not in its slot")?;
        slot.join()
            .map_err(|_| anyhow!("the virtual card panicked"))
    }
}

impl Drop for InsertedCard {
    fn drop(&mut self) {
        let _ = self.connection.shutdown(Shutdown::Both);
    }
}

struct Slot {
    connection: TcpStream,
    card: VirtualCard,
    manner: Manner,
    answered: Arc<AtomicUsize>,
}

impl Slot {
    fn serve(&mut self) -> io::Result<()> {
        loop {
            match self.receive()?.as_slice() {
                [POWER_OFF] => {}
                [POWER_ON | RESET] => {
                    self.card.power_on();
                }
                [GET_ATR] => {
                    let atr = self.card.atr().to_vec();
                    self.send(&atr)?;
                }
                command => {
                    let answered = self.answered.load(Ordering::Relaxed);
                    if self.manner.is_gone_after == Some(answered) {
                        return Ok(());
                    }
                    thread::sleep(self.manner.delay);
                    let answer = self.card.transmit(command);
                    self.send(&answer)?;
                    self.answered.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut length = [0; 2];
        self.read_exact(&mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        self.read_exact(&mut message)?;
        Ok(message)
    }

    /// The reader sends length and message apart, and its system waits for our
    /// acknowledgement between them: a late one makes each command take 40 ms.
    fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        std::os::linux::net::TcpStreamExt::set_quickack(&self.connection, true)?;
        self.connection.read_exact(buffer)
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let length = u16::try_from(message.len()).map_err(io::Error::other)?;
        let whole = [&length.to_be_bytes(), message].concat();
        self.connection.write_all(&whole)
    }
}
