//! Ports on loopback, and who holds one that is taken.

mod holder;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use protocol::bridge::PORTS;
use thiserror::Error;
use tokio::net::TcpListener;

pub use holder::{Holder, of as holder_of};

/// Listening on loopback.
#[derive(Debug)]
pub struct Listening {
    /// The port.
    pub port: u16,
    /// On 127.0.0.1.
    pub v4: TcpListener,
    /// On ::1, where the machine has it.
    pub v6: Option<TcpListener>,
}

/// No port could be had.
#[derive(Debug, Error)]
#[error("{}", lines(.0))]
pub struct NoPort(pub Vec<(u16, io::Error)>);

fn lines(failed: &[(u16, io::Error)]) -> String {
    let lines = failed.iter().map(|(port, error)| {
        let holder = holder_of(*port).map_or_else(String::new, |holder| format!(" — {holder}"));
        format!("ポート {port} を使えません / port {port} can't be listened on: {error}{holder}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Listens on that port, or on the first of [`PORTS`] that is free.
pub async fn listen(port: Option<u16>) -> Result<Listening, NoPort> {
    let ports = port.map_or(PORTS.to_vec(), |port| vec![port]);
    let mut failed = Vec::new();
    for port in ports {
        match both(port).await {
            Ok(listening) => return Ok(listening),
            Err(error) => failed.push((port, error)),
        }
    }
    Err(NoPort(failed))
}

/// A port counts as free if both of the machine's own addresses have it: a page that says
/// `localhost` could meet somebody else on the other one.
async fn both(port: u16) -> io::Result<Listening> {
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = v4.local_addr()?.port();
    let v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(v6) => Some(v6),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
        // No IPv6 on this machine.
        Err(_) => None,
    };
    Ok(Listening { port, v4, v6 })
}
