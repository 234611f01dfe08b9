//! What is resident; a program of its own, so that no other test's memory is counted.

#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::fs;
use std::thread;

use server::entropy::SystemEntropy;
use server::password;

#[test]
fn passwords_leave_no_memory_behind() {
    let hash = || password::hash("shikaku-demo", &SystemEntropy).unwrap();
    hash();
    let before = resident_kibibytes().unwrap();
    // Each on a thread of its own, which the allocator keeps memory for.
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| [hash(), hash()]);
        }
    });
    let more = resident_kibibytes().unwrap().saturating_sub(before);
    // One hash fills 19 MiB.
    assert!(more < 8 * 1024, "{more} KiB more");
}

fn resident_kibibytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mut lines = status.lines();
    let number = lines.find_map(|line| line.strip_prefix("VmRSS:"))?;
    number.trim().trim_end_matches(" kB").parse().ok()
}
