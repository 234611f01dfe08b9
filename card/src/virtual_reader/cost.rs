//! What a reading costs, as a model: no clock runs here. The figures are assumptions, each with its
//! reason; what they are good for is telling where the time of a driver goes.

use core::time::Duration;

use super::Counts;

/// A transfer on a bulk endpoint: one frame of USB at full speed, whichever way it goes. A
/// frame has room for more packets than any transfer here has.
pub const BULK_TRANSFER: Duration = Duration::from_millis(1);
/// A packet of 64 bytes of a report: an endpoint for interrupts brings one in a frame.
pub const REPORT_PACKET: Duration = Duration::from_millis(1);
/// A byte on the air: at 106 kbit/s ten bits and a guard time, 11 etu of 9.44 µs.
pub const AIR_BYTE: Duration = Duration::from_micros(104);
/// What is around the frames of an exchange on the air: SOF, EOF, and the turning around of both.
pub const AIR_EXCHANGE: Duration = Duration::from_micros(1_500);
/// What a card thinks about a command before it answers.
pub const COMMAND: Duration = Duration::from_millis(10);
/// What a block has around a command or an answer: PCB and CRC.
pub const BLOCK: usize = 3;

/// The card's own time for so many commands and exchanges, with so many bytes on the air.
pub fn card_time(commands: usize, exchanges: usize, air_bytes: usize) -> Duration {
    times(COMMAND, commands) + times(AIR_EXCHANGE, exchanges) + times(AIR_BYTE, air_bytes)
}

/// How a reader is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// By bulk endpoints.
    Bulk,
    /// By reports.
    Reports,
}

impl Counts {
    /// What was counted since.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            transfers: self.transfers - before.transfers,
            empty_reads: self.empty_reads - before.empty_reads,
            bytes: self.bytes - before.bytes,
            packets: self.packets - before.packets,
            blocks: self.blocks - before.blocks,
            air_bytes: self.air_bytes - before.air_bytes,
            commands: self.commands - before.commands,
        }
    }

    /// The time of all transfers that brought something.
    pub fn wire_time(self, wire: Wire) -> Duration {
        match wire {
            Wire::Bulk => times(BULK_TRANSFER, self.transfers - self.empty_reads),
            Wire::Reports => times(REPORT_PACKET, self.packets),
        }
    }

    /// The time of the card. A reader that speaks the block protocol itself needs one exchange
    /// for a command, or more.
    pub fn card_time(self) -> Duration {
        card_time(
            self.commands,
            self.blocks.max(self.commands),
            self.air_bytes,
        )
    }
}

fn times(time: Duration, count: usize) -> Duration {
    time * u32::try_from(count).unwrap_or(u32::MAX)
}
