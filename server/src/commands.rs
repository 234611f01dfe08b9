//! One file per command. What they do is elsewhere; here they speak to a terminal.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks through its terminal"
)]

pub mod account;
pub mod audit;
pub mod generate;
pub mod import;
pub mod serve;
