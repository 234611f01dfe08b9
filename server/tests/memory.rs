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
    let before = resident_kibibytes();
    // Each on a thread of its own, which the allocator keeps memory for.
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| [hash(), hash()]);
        }
    });
    let more = resident_kibibytes().saturating_sub(before);
    // One hash fills 19 MiB.
    assert!(more < 8 * 1024, "{more} KiB more");
}

fn resident_kibibytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}
