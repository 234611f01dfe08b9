//! Blocks: PCB and INF (ISO/IEC 14443-4:2018, 7.1). No CID and no NAD: cards are given CID 0
//! and spoken to one at a time, so neither may come (7.1.3).

use thiserror::Error;

/// A block, without its CRC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block<'a> {
    /// An I-block: a part of a command or of an answer.
    I {
        /// The block number.
        number: bool,
        /// Whether another part follows (chaining).
        more: bool,
        /// The part.
        inf: &'a [u8],
    },
    /// R(ACK).
    Ack {
        /// The block number.
        number: bool,
    },
    /// R(NAK), which only readers send.
    Nak {
        /// The block number.
        number: bool,
    },
    /// An S-block.
    S(SBlock),
}

/// What an S-block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SBlock {
    /// S(DESELECT).
    Deselect,
    /// S(WTX) with its multiplier WTXM, 1 to 59.
    Wtx(u8),
}

/// Bytes that are no block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no block")]
pub struct InvalidBlock;

/// PCB: I-block, R-block, S-block without a block number, CID or NAD.
const I_BLOCK: u8 = 0x02;
const R_BLOCK: u8 = 0xA2;
const S_DESELECT: u8 = 0xC2;
const S_WTX: u8 = 0xF2;
/// The bit of an I-block that another follows, and of an R-block that it is R(NAK).
const MORE_OR_NAK: u8 = 0x10;

impl<'a> Block<'a> {
    /// Takes a block apart.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, InvalidBlock> {
        let (&pcb, inf) = bytes.split_first().ok_or(InvalidBlock)?;
        let number = pcb & 1 == 1;
        match (pcb & !1, inf) {
            (I_BLOCK, inf) => Ok(Self::I {
                number,
                more: false,
                inf,
            }),
            (kind, inf) if kind == I_BLOCK | MORE_OR_NAK => Ok(Self::I {
                number,
                more: true,
                inf,
            }),
            (R_BLOCK, []) => Ok(Self::Ack { number }),
            (kind, []) if kind == R_BLOCK | MORE_OR_NAK => Ok(Self::Nak { number }),
            (S_DESELECT, []) if !number => Ok(Self::S(SBlock::Deselect)),
            (S_WTX, &[wtxm]) if !number => match wtxm & 0x3F {
                times @ 1..=59 => Ok(Self::S(SBlock::Wtx(times))),
                _ => Err(InvalidBlock),
            },
            _ => Err(InvalidBlock),
        }
    }

    /// The bytes of the block.
    pub fn bytes(&self) -> Vec<u8> {
        match *self {
            Self::I { number, more, inf } => {
                let chaining = if more { MORE_OR_NAK } else { 0 };
                let pcb = I_BLOCK | chaining | u8::from(number);
                let mut bytes = vec![pcb];
                bytes.extend_from_slice(inf);
                bytes
            }
            Self::Ack { number } => vec![R_BLOCK | u8::from(number)],
            Self::Nak { number } => vec![R_BLOCK | MORE_OR_NAK | u8::from(number)],
            Self::S(SBlock::Deselect) => vec![S_DESELECT],
            Self::S(SBlock::Wtx(times)) => vec![S_WTX, times],
        }
    }
}
