//! Readers in memory, from the device's side: bytes in, bytes out. They share nothing with the
//! drivers in [`reader`](crate::reader), neither tables nor code, so that a mistake there is seen here. A mistake that both
//! sides make is not: only a real reader shows those.
//!
//! Behind each lies a [`VirtualCard`] or none. A [`Fault`] disturbs one transfer; a [`RadioFault`]
//! one exchange on the air.

mod air;
mod baltech;
pub mod cost;
mod identity;
mod rc_s300;
mod rc_s380;

use std::collections::VecDeque;

pub use air::{RadioFault, RadioHabits};
pub use baltech::{BaltechHabits, REPORT_DESCRIPTOR};
pub use identity::{Identity, Interface};
pub use rc_s300::RcS300Habits;

use crate::virtual_card::VirtualCard;
use air::Air;

/// The device is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unplugged;

/// Which reader, and how it behaves where it has a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Sony RC-S380.
    RcS380,
    /// A Sony RC-S300.
    RcS300(RcS300Habits),
    /// A BALTECH reader.
    Baltech(BaltechHabits),
}

/// What happens to one transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes one read later, the first of which gets nothing.
    Late,
    /// One bit is flipped, counted from the beginning and around.
    Garbled(usize),
    /// Only so many bytes come.
    Cut(usize),
    /// What the reader sends comes in two transfers, the first of so many bytes.
    Split(usize),
    /// What the reader sends comes together with what it sends next, if it has it already.
    Glued,
    /// It comes twice.
    Twice,
    /// The device is pulled out.
    Unplugged,
    /// The card is taken away before it.
    CardRemoved,
}

/// What was done with a reader so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Transfers in both directions, reads that brought nothing among them.
    pub transfers: usize,
    /// Reads that brought nothing.
    pub empty_reads: usize,
    /// Bytes of all transfers.
    pub bytes: usize,
    /// Packets of 64 bytes of all transfers, one at least for each that brought something.
    pub packets: usize,
    /// Exchanges on the air, where the reader leaves them to the host.
    pub blocks: usize,
    /// Bytes on the air, with CRC, both ways.
    pub air_bytes: usize,
    /// Commands that reached the card's application.
    pub commands: usize,
}

#[derive(Debug)]
enum Device {
    RcS380(rc_s380::RcS380),
    RcS300(rc_s300::RcS300),
    Baltech(baltech::Baltech),
}

/// A reader at a port.
#[derive(Debug)]
pub struct VirtualReader {
    device: Device,
    air: Air,
    /// What the host has not fetched yet.
    queue: VecDeque<Vec<u8>>,
    faults: Vec<(usize, Fault)>,
    /// How many reads bring nothing although something is there.
    late: usize,
    is_unplugged: bool,
    /// Which transfers were the host's.
    writes: Vec<usize>,
    counts: Counts,
}

impl VirtualReader {
    /// A reader that has just been plugged in, without a card.
    pub fn new(kind: Kind) -> Self {
        Self {
            device: match kind {
                Kind::RcS380 => Device::RcS380(rc_s380::RcS380::default()),
                Kind::RcS300(habits) => Device::RcS300(rc_s300::RcS300::new(habits)),
                Kind::Baltech(habits) => Device::Baltech(baltech::Baltech::new(habits)),
            },
            air: Air::default(),
            queue: VecDeque::new(),
            faults: Vec::new(),
            late: 0,
            is_unplugged: false,
            writes: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Places a card on it, instead of the one that may be there.
    pub fn place(&mut self, card: VirtualCard, habits: RadioHabits) {
        self.air.place(card, habits);
    }

    /// Takes the card away.
    pub fn remove(&mut self) {
        self.air.remove();
    }

    /// Disturbs the n-th transfer, counted from 0 over writes and reads.
    pub fn disturb(&mut self, transfer: usize, fault: Fault) {
        self.faults.push((transfer, fault));
    }

    /// Disturbs the n-th exchange on the air, counted from 0.
    pub fn disturb_air(&mut self, exchange: usize, fault: RadioFault) {
        self.air.disturb(exchange, fault);
    }

    /// Pulls it out.
    pub fn unplug(&mut self) {
        self.is_unplugged = true;
    }

    /// Whether the n-th transfer was one from the host.
    pub fn was_written(&self, transfer: usize) -> bool {
        self.writes.contains(&transfer)
    }

    /// Whether the field is on.
    pub fn has_field(&self) -> bool {
        self.air.has_field()
    }

    /// What was done with it so far.
    pub fn counts(&self) -> Counts {
        let (blocks, air_bytes, commands) = self.air.counts();
        Counts {
            blocks,
            air_bytes,
            commands,
            ..self.counts
        }
    }

    /// The host sends one transfer.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Unplugged> {
        self.writes.push(self.counts.transfers);
        let fault = self.next_transfer()?;
        self.count(bytes.len());
        let mut bytes = bytes.to_vec();
        match fault {
            Some(Fault::Late) => self.late += 1,
            Some(Fault::Garbled(bit)) => flip(&mut bytes, bit),
            Some(Fault::Cut(length)) => bytes.truncate(length),
            Some(Fault::Twice) => self.hear(&bytes),
            _ => {}
        }
        self.hear(&bytes);
        Ok(())
    }

    /// The host reads one transfer; `None` while there is nothing to read.
    pub fn read(&mut self) -> Result<Option<Vec<u8>>, Unplugged> {
        let fault = self.next_transfer()?;
        if fault == Some(Fault::Late) {
            self.late += 1;
        }
        let message = if self.late > 0 {
            self.late -= 1;
            None
        } else {
            self.queue.pop_front()
        };
        let Some(mut message) = message else {
            self.counts.empty_reads += 1;
            return Ok(None);
        };
        match fault {
            Some(Fault::Garbled(bit)) => flip(&mut message, bit),
            Some(Fault::Cut(length)) => message.truncate(length),
            Some(Fault::Split(length)) if length < message.len() => {
                self.queue.push_front(message.split_off(length));
            }
            Some(Fault::Glued) => message.extend(self.queue.pop_front().unwrap_or_default()),
            Some(Fault::Twice) => self.queue.push_front(message.clone()),
            _ => {}
        }
        self.count(message.len());
        Ok(Some(message))
    }

    fn count(&mut self, bytes: usize) {
        self.counts.bytes += bytes;
        self.counts.packets += bytes.div_ceil(64).max(1);
    }

    fn hear(&mut self, bytes: &[u8]) {
        let Self {
            device, air, queue, ..
        } = self;
        match device {
            Device::RcS380(device) => device.hear(bytes, air, queue),
            Device::RcS300(device) => device.hear(bytes, air, queue),
            Device::Baltech(device) => device.hear(bytes, air, queue),
        }
    }

    fn next_transfer(&mut self) -> Result<Option<Fault>, Unplugged> {
        let place = self.counts.transfers;
        let planned = self.faults.iter().find(|(each, _)| *each == place);
        let fault = planned.map(|(_, fault)| *fault);
        match fault {
            Some(Fault::Unplugged) => self.is_unplugged = true,
            Some(Fault::CardRemoved) => self.remove(),
            _ => {}
        }
        if self.is_unplugged {
            return Err(Unplugged);
        }
        self.counts.transfers += 1;
        Ok(fault)
    }
}

fn flip(bytes: &mut [u8], bit: usize) {
    let count = bytes.len() * 8;
    if let Some(bit) = bit.checked_rem(count)
        && let Some(byte) = bytes.get_mut(bit / 8)
    {
        *byte ^= 1 << (bit % 8);
    }
}
