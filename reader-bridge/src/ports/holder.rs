//! Which program has a port. The one module that knows one system only: elsewhere nobody
//! is named.

use std::fmt;

/// A program that has a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub pid: i32,
    /// Its name.
    pub name: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (PID {})", self.name, self.pid)
    }
}

/// The program that listens on a port, if this user may know.
#[cfg(target_os = "linux")]
pub fn of(port: u16) -> Option<Holder> {
    use procfs::net::{TcpState, tcp, tcp6};
    use procfs::process::{FDTarget, all_processes};

    let entries = tcp().into_iter().chain(tcp6()).flatten();
    let inodes: Vec<_> = entries
        .filter(|entry| entry.state == TcpState::Listen && entry.local_address.port() == port)
        .map(|entry| entry.inode)
        .collect();
    all_processes().ok()?.flatten().find_map(|process| {
        let mut open = process.fd().ok()?.flatten();
        let has_it = open.any(|file| match file.target {
            FDTarget::Socket(inode) => inodes.contains(&inode),
            _ => false,
        });
        let name = has_it.then(|| process.stat().ok())??.comm;
        Some(Holder {
            pid: process.pid,
            name,
        })
    })
}

/// Nobody is named here.
#[cfg(not(target_os = "linux"))]
pub const fn of(_: u16) -> Option<Holder> {
    None
}
