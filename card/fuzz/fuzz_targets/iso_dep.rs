//! The block protocol with a card that says anything.
#![no_main]

use arbitrary::Arbitrary;
use card::reader::iso_dep::{Atqb, Block, Heard, IsoDep, LONGEST_ANSWER, Next};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input {
    frame_size: u8,
    waiting: u8,
    turns: Vec<Turn>,
}

#[derive(Debug, Arbitrary)]
enum Turn {
    Send(Vec<u8>),
    AskPresence,
    Deselect,
    Says(Vec<u8>),
    Part(bool, bool, Vec<u8>),
    Garbled,
    Silence,
}

fuzz_target!(|input: Input| {
    let frame = input.frame_size << 4 | 1;
    let bytes = [0x50, 1, 2, 3, 4, 0, 0, 0, 0, 0xB3, frame, input.waiting];
    let atqb = Atqb::parse(&bytes).unwrap();
    let mut card = IsoDep::new(&atqb);
    for turn in &input.turns {
        let next = match turn {
            Turn::Send(command) => Ok(card.send(command)),
            Turn::AskPresence => Ok(card.ask_presence()),
            Turn::Deselect => Ok(card.deselect()),
            Turn::Says(bytes) => card.take(&Heard::Block(bytes.clone())),
            Turn::Part(number, more, inf) => {
                let block = Block::I {
                    number: *number,
                    more: *more,
                    inf,
                };
                card.take(&Heard::Block(block.bytes()))
            }
            Turn::Garbled => card.take(&Heard::Garbled),
            Turn::Silence => card.take(&Heard::Silence),
        };
        match next {
            Ok(Next::Send { block, .. }) => {
                assert!(block.len() + 2 <= atqb.frame_size());
                Block::parse(&block).unwrap();
            }
            Ok(Next::Done(answer)) => assert!(answer.len() <= LONGEST_ANSWER),
            Err(_) => return,
        }
    }
});
