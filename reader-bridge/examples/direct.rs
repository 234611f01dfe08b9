//! Reads the card on the first reader that has one, straight through PC/SC, and says how
//! long each reading took: what the bridge is compared with. Nothing of the bridge is used,
//! but the card's own session.
//!
//! `cargo run --release -p reader-bridge --example direct -- 100`
#![expect(clippy::print_stdout, reason = "its figures are for the terminal")]

use std::time::Instant;

use anyhow::{Context as _, ensure};
use card::jpki::{Limits, Reading, Step};
use pcsc::{Card, Context, Disposition, Protocols, Scope, ShareMode};

fn main() -> anyhow::Result<()> {
    let times: u32 = match std::env::args().nth(1) {
        Some(text) => text.parse().context("how many readings?")?,
        None => 1,
    };
    let context = Context::establish(Scope::User)?;
    let names = context.list_readers_owned()?;
    let name = names
        .iter()
        .find(|name| connect(&context, name).is_ok())
        .context("no reader has a card")?;
    let mut microseconds = Vec::new();
    for _ in 0..times {
        let begun = Instant::now();
        let mut card = connect(&context, name)?;
        let length = read(&mut card)?;
        let _ = card.disconnect(Disposition::ResetCard);
        microseconds.push(begun.elapsed().as_micros());
        ensure!(length > 0, "the certificate is empty");
    }
    microseconds.sort_unstable();
    let middle = microseconds.get(microseconds.len() / 2);
    println!("{}", middle.context("nothing was read")?);
    Ok(())
}

fn connect(context: &Context, name: &std::ffi::CStr) -> Result<Card, pcsc::Error> {
    context.connect(name, ShareMode::Shared, Protocols::ANY)
}

/// Reads the user-authentication certificate, and gives its length.
fn read(card: &mut Card) -> anyhow::Result<usize> {
    let transaction = card.transaction()?;
    let mut buffer = [0; pcsc::MAX_BUFFER_SIZE];
    let limits = Limits {
        chunk: 0,
        with_ca: false,
    };
    let (mut reading, mut command) = Reading::start(limits);
    loop {
        let answer = transaction.transmit(command.as_bytes(), &mut buffer)?;
        match reading.answer(answer)? {
            Step::Transmit(next, then) => (reading, command) = (next, then),
            Step::Done(card) => return Ok(card.certificate.as_der().len()),
        }
    }
}
