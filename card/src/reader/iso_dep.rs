//! ISO-DEP: the half-duplex block protocol between a reader and a card (ISO/IEC 14443-4:2018,
//! 7), from the reader's side, for readers that leave it to the host. “Rule” with a number is
//! the standard's own (7.5.5 and 7.5.6).
//!
//! A block comes with a CRC that the reader's chip checks. What gets past it (one of 65,536
//! disturbed blocks) and has the outline of the expected block is taken for it; nothing here can see it.

mod block;
mod type_b;

pub use block::{Block, InvalidBlock, SBlock};
pub use type_b::{Atqb, REQB, TypeBError, check_attrib_answer};

use core::time::Duration;

use thiserror::Error;

/// The most bytes of an answer: of a command in its short form, with a status word.
pub const LONGEST_ANSWER: usize = 258;
/// The most bytes of a block that this side takes, without its CRC: FSD 256.
const LONGEST_BLOCK: usize = 254;
/// FWT may not be extended beyond (7.4.3).
const LONGEST_WAIT: Duration = Duration::from_millis(4_949);
/// FWT is taken to end so much later (ISO/IEC 14443-4, ΔFWT: 49152/fc).
const TOLERANCE: Duration = Duration::from_micros(3_625);
/// S(DESELECT) has a waiting time of its own, 65536/fc (8.2).
const DESELECT_WAIT: Duration = Duration::from_micros(4_834);
/// All extensions of one exchange together. The standard has no limit; a desk has.
const PATIENCE: Duration = Duration::from_secs(20);
/// One block for each byte of the longest answer, and as many again.
const MOST_BLOCKS: u16 = 600;

/// What was heard after a block was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A block, without its CRC.
    Block(Vec<u8>),
    /// Something with a wrong CRC, parity or length.
    Garbled,
    /// Nothing in time.
    Silence,
}

/// How an exchange goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Send the block; the chip adds its CRC.
    Send {
        /// PCB and INF.
        block: Vec<u8>,
        /// How long the card may take to answer.
        within: Duration,
    },
    /// It is over; this is what the card answers.
    Done(Vec<u8>),
}

/// What an exchange can end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IsoDepError {
    /// Nothing was heard, as often as was asked.
    #[error("silence")]
    Silence,
    /// Nothing right was heard, as often as was asked.
    #[error("nothing clear is heard")]
    Garbled,
    /// A right block that may not come here.
    #[error("a block out of turn")]
    OutOfTurn,
    /// The answer is longer than any to a short command.
    #[error("the answer is longer than any")]
    TooLong,
    /// The card asks for more time without end, or sends blocks without end.
    #[error("the card does not come to an end")]
    Endless,
    /// Nothing was begun that could be answered.
    #[error("no block was sent")]
    NotBegun,
}

#[derive(Debug, Clone)]
enum State {
    Idle,
    /// A command, of which the part from `from` on is being sent.
    Sending {
        command: Vec<u8>,
        from: usize,
    },
    /// The card's chained answer.
    Receiving(Vec<u8>),
    Presence,
    Deselecting,
}

/// A card that has been selected, as its reader sees it.
#[derive(Debug, Clone)]
pub struct IsoDep {
    /// The reader's block number (rule A).
    number: bool,
    /// The most bytes of INF that the card takes.
    part: usize,
    /// FWT.
    wait: Duration,
    state: State,
    faults: u32,
    blocks: u16,
    extended: Duration,
}

impl IsoDep {
    /// A card that has just been selected, by its ATQB.
    pub fn new(atqb: &Atqb) -> Self {
        Self {
            number: false,
            // PCB and CRC.
            part: atqb.frame_size() - 3,
            wait: atqb.frame_waiting_time(),
            state: State::Idle,
            faults: 0,
            blocks: 0,
            extended: Duration::ZERO,
        }
    }

    /// Begins to send a command.
    pub fn send(&mut self, command: &[u8]) -> Next {
        self.begin(State::Sending {
            command: command.to_vec(),
            from: 0,
        })
    }

    /// Asks whether the card is still there, without changing anything: R(NAK), to which the
    /// card, having nothing to repeat, answers R(ACK) (rule 12; 7.5.4.2, method 2).
    pub fn ask_presence(&mut self) -> Next {
        self.begin(State::Presence)
    }

    /// Dismisses the card: S(DESELECT) (8).
    pub fn deselect(&mut self) -> Next {
        self.begin(State::Deselecting)
    }

    fn begin(&mut self, state: State) -> Next {
        self.state = state;
        self.faults = 0;
        self.blocks = 0;
        self.extended = Duration::ZERO;
        self.repeat()
    }

    /// Takes what was heard after the last block. After an error the card is to be selected anew.
    pub fn take(&mut self, heard: &Heard) -> Result<Next, IsoDepError> {
        self.blocks += 1;
        if self.blocks > MOST_BLOCKS {
            return Err(IsoDepError::Endless);
        }
        let block = match heard {
            Heard::Silence => return self.fault(IsoDepError::Silence),
            Heard::Block(bytes) if bytes.len() <= LONGEST_BLOCK => Block::parse(bytes).ok(),
            Heard::Block(_) | Heard::Garbled => None,
        };
        let Some(block) = block else {
            return self.fault(IsoDepError::Garbled);
        };
        match (core::mem::replace(&mut self.state, State::Idle), block) {
            (State::Idle, _) => Err(IsoDepError::NotBegun),
            (State::Deselecting, Block::S(SBlock::Deselect))
            | (State::Presence, Block::Ack { .. }) => Ok(Next::Done(Vec::new())),
            (
                state @ (State::Sending { .. } | State::Receiving(_)),
                Block::S(SBlock::Wtx(times)),
            ) => {
                self.state = state;
                self.extend(times)
            }
            (State::Sending { command, from }, Block::Ack { number }) => {
                self.acknowledged(command, from, number)
            }
            // Rule B; a block with the other number is one that was taken before.
            (state, Block::I { number, .. }) if number != self.number => {
                self.state = state;
                self.fault(IsoDepError::OutOfTurn)
            }
            (State::Sending { command, from }, Block::I { more, inf, .. })
                if from + self.part >= command.len() =>
            {
                self.receive(Vec::new(), inf, more)
            }
            (State::Receiving(data), Block::I { more, inf, .. }) => self.receive(data, inf, more),
            _ => Err(IsoDepError::OutOfTurn),
        }
    }

    /// Rules 6 and 7.
    fn acknowledged(
        &mut self,
        command: Vec<u8>,
        from: usize,
        number: bool,
    ) -> Result<Next, IsoDepError> {
        let next = from + self.part;
        if number != self.number {
            self.state = State::Sending { command, from };
            self.count_fault(IsoDepError::OutOfTurn)?;
        } else if next < command.len() {
            self.number = !self.number;
            self.faults = 0;
            let from = next;
            self.state = State::Sending { command, from };
        } else {
            return Err(IsoDepError::OutOfTurn);
        }
        Ok(self.repeat())
    }

    /// Rules B, 2 and 10.
    fn receive(&mut self, mut data: Vec<u8>, inf: &[u8], more: bool) -> Result<Next, IsoDepError> {
        data.extend_from_slice(inf);
        if data.len() > LONGEST_ANSWER {
            return Err(IsoDepError::TooLong);
        }
        self.number = !self.number;
        self.faults = 0;
        if !more {
            return Ok(Next::Done(data));
        }
        self.state = State::Receiving(data);
        Ok(self.repeat())
    }

    /// Rules 3 and 9, and 7.3: the answer repeats the multiplier, without the power level.
    fn extend(&mut self, times: u8) -> Result<Next, IsoDepError> {
        let within = (self.wait * u32::from(times)).min(LONGEST_WAIT);
        self.extended += within;
        if self.extended > PATIENCE {
            return Err(IsoDepError::Endless);
        }
        Ok(Next::Send {
            block: Block::S(SBlock::Wtx(times)).bytes(),
            within: within + TOLERANCE,
        })
    }

    /// Rules 4, 5 and 8.
    fn fault(&mut self, what: IsoDepError) -> Result<Next, IsoDepError> {
        self.count_fault(what)?;
        let number = self.number;
        match &self.state {
            State::Sending { .. } => Ok(self.in_time(&Block::Nak { number })),
            State::Idle => Err(IsoDepError::NotBegun),
            State::Receiving(_) | State::Presence | State::Deselecting => Ok(self.repeat()),
        }
    }

    /// The standard leaves it open how often one asks again: in an exchange for about a second,
    /// twice at least and five times at most. That a card is gone is to be seen sooner.
    fn count_fault(&mut self, what: IsoDepError) -> Result<(), IsoDepError> {
        let within_a_second = match self.wait.as_secs() {
            0 => 1_000_000 / self.wait.subsec_micros().max(1),
            _ => 1,
        };
        let most = match self.state {
            State::Presence | State::Deselecting => 1,
            State::Idle | State::Sending { .. } | State::Receiving(_) => {
                within_a_second.clamp(2, 5)
            }
        };
        self.faults += 1;
        if self.faults > most {
            return Err(what);
        }
        Ok(())
    }

    /// The block that belongs to the state, for the first time or again.
    fn repeat(&self) -> Next {
        let number = self.number;
        match &self.state {
            State::Sending { command, from } => {
                let rest = command.get(*from..).unwrap_or_default();
                let (inf, more) = match rest.split_at_checked(self.part) {
                    Some((inf, [_, ..])) => (inf, true),
                    _ => (rest, false),
                };
                self.in_time(&Block::I { number, more, inf })
            }
            State::Receiving(_) => self.in_time(&Block::Ack { number }),
            State::Idle | State::Presence => self.in_time(&Block::Nak { number }),
            State::Deselecting => Next::Send {
                block: Block::S(SBlock::Deselect).bytes(),
                within: DESELECT_WAIT,
            },
        }
    }

    fn in_time(&self, block: &Block<'_>) -> Next {
        Next::Send {
            block: block.bytes(),
            within: self.wait + TOLERANCE,
        }
    }
}

#[cfg(test)]
mod tests;
