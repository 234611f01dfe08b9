//! Ports on loopback, and who holds one that is taken.

mod holder;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

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
    /// On `::1`, where the machine has it.
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

/// Listens on the first of the ports that is free.
pub async fn listen(ports: &[u16]) -> Result<Listening, NoPort> {
    let mut failed = Vec::new();
    for port in ports {
        match both(*port).await {
            Ok(listening) => return Ok(listening),
            Err(error) => failed.push((*port, error)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_left_out_and_its_holder_named() {
        let first = listen(&[0]).await.unwrap();
        let spare = listen(&[0]).await.unwrap().port;
        let second = listen(&[first.port, spare]).await.unwrap();
        assert_eq!(second.port, spare);
        let error = listen(&[first.port, spare]).await.unwrap_err();
        assert_eq!(error.0.len(), 2);
        let text = error.to_string();
        assert!(text.contains(&format!("{}", first.port)), "{text}");
        if cfg!(target_os = "linux") {
            let process = format!("PID {}", std::process::id());
            assert_eq!(text.matches(&process).count(), 2, "{text}");
        }
    }

    #[tokio::test]
    async fn a_port_that_is_taken_on_one_address_is_taken() {
        let Ok(v6) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await else {
            return;
        };
        let port = v6.local_addr().unwrap().port();
        assert!(listen(&[port]).await.is_err());
    }
}
