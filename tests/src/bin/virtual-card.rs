//! Puts a virtual card into a virtual reader, to try things by hand:
//!
//! ```sh
//! cargo run -p tests --bin virtual-card -- --card expired
//! ```
//!
//! Ctrl-C takes it away. When the reader goes, the card waits for the next one.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks through its terminal"
)]

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use card::demo::DemoCard;
use card::virtual_card::{Profile, TokenLabel, VirtualCard};
use clap::{Parser, ValueEnum};
use tests::vpcd::{InsertedCard, Manner, PORT};

/// Puts a virtual card into a reader of vpcd.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which card
    #[arg(long, value_enum, default_value_t = Which::Valid)]
    card: Which,
    /// A certificate (DER) instead of the card's own
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The port of the reader's slot
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// How long the card takes for each command, in milliseconds
    #[arg(long, default_value_t = 20)]
    delay: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    /// A My Number Card of demo mode
    Valid,
    /// One whose certificate has expired
    Expired,
    /// One that nobody is linked to
    NotLinked,
    /// One without a certificate
    NoCertificate,
    /// An old 住民基本台帳カード
    Juki,
    /// An Android phone
    Android,
    /// A driving licence
    DrivingLicence,
}

fn profile(which: Which) -> Profile {
    let labelled = |token| Profile {
        token: Some(token),
        ..DemoCard::Valid.profile()
    };
    match which {
        Which::Valid => DemoCard::Valid.profile(),
        Which::Expired => DemoCard::Expired.profile(),
        Which::NotLinked => DemoCard::NotLinked.profile(),
        Which::NoCertificate => Profile {
            certificate: Vec::new(),
            ..DemoCard::Valid.profile()
        },
        Which::Juki => labelled(TokenLabel::JukiCard),
        Which::Android => labelled(TokenLabel::Android),
        Which::DrivingLicence => Profile::driving_licence(),
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut profile = profile(arguments.card);
    if let Some(file) = &arguments.certificate {
        let read = fs::read(file);
        profile.certificate = read.with_context(|| format!("could not read {}", file.display()))?;
    }
    let manner = Manner {
        delay: Duration::from_millis(arguments.delay),
        is_gone_after: None,
    };
    let mut card = VirtualCard::new(profile);
    println!("waiting for a reader on port {}", arguments.port);
    loop {
        if let Ok(mut inserted) = InsertedCard::insert(arguments.port, card.clone(), manner) {
            println!("the card is in the reader");
            card = inserted.wait()?;
            println!("the reader has gone; waiting for the next");
        }
        thread::sleep(Duration::from_millis(200));
    }
}
