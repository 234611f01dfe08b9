//! What the figures were measured on.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::num::NonZero;

/// Processor, cores and system, in one line.
pub(super) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let processor = fs::read_to_string("/proc/cpuinfo").ok();
    let processor = processor.as_deref().and_then(model);
    let processor = processor.unwrap_or("processor of unknown name");
    format!("{processor}, {cores} cores, {OS} {ARCH}")
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
