//! What the figures were measured on, and what is asked of it.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::num::NonZero;

use crate::command::{answer, command};

/// As many as the service takes connections (`server/src/http/listener.rs`).
const MOST_FILES: u32 = 16_384;

/// Processor, cores and system, in one line.
pub(super) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let processor = fs::read_to_string("/proc/cpuinfo").ok();
    let processor = processor.as_deref().and_then(model);
    let processor = processor.unwrap_or("processor of unknown name");
    format!("{processor}, {cores} cores, {OS} {ARCH}")
}

/// Lets this program and those that it starts open as many files as the system allows: each
/// institution that is followed in the morning is a file to both. Where that can't be changed,
/// fewer are followed, which the report tells.
pub(super) fn allow_open_files() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let pid = std::process::id().to_string();
    let limits = format!("--nofile={MOST_FILES}:");
    // The shell's `ulimit` would be another program's limit.
    answer(command("prlimit").args(["--pid", &pid, &limits]));
}

fn model(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_named() {
        assert_eq!(model("processor\t: 0\nmodel name\t: A 1 \n"), Some("A 1"));
        assert_eq!(model(""), None);
    }
}
