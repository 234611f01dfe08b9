//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::door::origin::Origin;
use crate::policy::UsbNumbers;

/// この端末のカードリーダーを画面につなぐ: lends this machine's card reader to the page.
#[derive(Debug, Parser)]
#[command(name = "shikaku-reader-bridge", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lend the reader until told to stop.
    Run(Run),
    /// Pages that may use the reader.
    #[command(subcommand)]
    Pair(Pair),
    /// Check what can be in the way, and say what to do.
    Doctor(Doctor),
    /// Say what this program is.
    Version,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The port; by default the first free one of 8765, 8766 and 8767.
    #[arg(long)]
    pub port: Option<u16>,
    /// An origin whose pages may ask to be paired, such as `https://clinic.example`.
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<Origin>,
    /// An origin whose pages are let in without a code: for trying out, and for origins of
    /// this very machine.
    #[arg(long, value_name = "ORIGIN")]
    pub pre_approve: Vec<Origin>,
    /// A file of pages that are let in without a code; read from the system's own place if
    /// it is there and no other is named.
    #[arg(long, value_name = "FILE")]
    pub approvals: Option<PathBuf>,
    /// A simulated reader and cards instead of the machine's.
    #[arg(long)]
    pub simulator: bool,
    /// End when the standard input ends: for a program that starts this one, so that neither
    /// outlives the other however it ends.
    #[arg(long)]
    pub until_stdin_closes: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap shows it as the help of the option")]
    pub folder: Folder,
}

/// Where the pairings are.
#[derive(Debug, Args)]
pub struct Folder {
    /// The folder for pairings and the bridge's own key; by default the user's own.
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Commands about pairings.
#[derive(Debug, Subcommand)]
pub enum Pair {
    /// Accept the page that shows this code.
    Accept {
        /// The six digits that the page shows.
        code: String,
        /// Where the pairings are.
        #[command(flatten)]
        folder: Folder,
    },
    /// List the pages that were paired.
    List {
        /// Where the pairings are.
        #[command(flatten)]
        folder: Folder,
    },
    /// Forget a page; it is cut off at once.
    Revoke {
        /// Its name in the list.
        id: String,
        /// Where the pairings are.
        #[command(flatten)]
        folder: Folder,
    },
}

/// Options of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The page's origin, for which browser policies are looked at or made; by default those
    /// that this user's bridge lets in.
    #[arg(long, value_name = "ORIGIN")]
    pub origin: Vec<Origin>,
    /// Instead of looking, show the policy files with which browsers let the page use readers
    /// and reach the bridge without asking, and where each goes.
    #[arg(long)]
    pub policies: bool,
    /// A HID device that these policies grant as well, such as `0fd9:0080`: readers whose
    /// numbers nobody has published.
    #[arg(long, value_name = "VENDOR[:PRODUCT]", requires = "policies")]
    pub hid: Vec<UsbNumbers>,
    /// Write the files into that folder. Nothing is written if one is there and says something
    /// else.
    #[arg(long, value_name = "FOLDER", requires = "policies")]
    pub into: Option<PathBuf>,
    /// Write over such files.
    #[arg(long, requires = "into")]
    pub force: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap shows it as the help of the option")]
    pub folder: Folder,
}
