//! `shikaku-reader-bridge`: will lend the card reader of this machine to the
//! page, over a `WebSocket` on loopback.
//!
//! This is its first step: it starts, answers its version on loopback, and says
//! that it drives no reader yet.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks through its terminal"
)]

mod door;
mod version;

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use clap::{Parser, Subcommand};
use protocol::bridge::{DEFAULT_PORT, VERSION_PATH};
use tokio::net::TcpListener;

/// この端末のカードリーダーを画面につなぐ: the reader bridge.
#[derive(Debug, Parser)]
#[command(name = "shikaku-reader-bridge", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer on loopback until told to stop.
    Run {
        /// The port to listen on.
        #[arg(long, default_value_t = DEFAULT_PORT)]
        port: u16,
    },
    /// Say what this program is.
    Version,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Run { port } => tokio::runtime::Runtime::new()?.block_on(run(port)),
        Command::Version => {
            let version = version::version();
            println!("{} {}", version.name, version.version);
            println!("{}", version::NO_READER);
            Ok(())
        }
    }
}

async fn run(port: u16) -> anyhow::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .with_context(|| format!("port {port} can't be listened on; choose another with --port"))?;
    let address = listener.local_addr()?;
    println!("http://{address}{VERSION_PATH}");
    println!("{}", version::NO_READER);
    axum::serve(listener, router(address.port()))
        .with_graceful_shutdown(interrupted())
        .await?;
    Ok(())
}

fn router(port: u16) -> Router {
    Router::new()
        .route(VERSION_PATH, get(version::answer))
        .layer(from_fn_with_state(port, door::guard))
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use protocol::bridge::Version;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(headers: &[(&str, &str)]) -> (StatusCode, Vec<u8>) {
        let request = headers
            .iter()
            .fold(Request::get(VERSION_PATH), |request, (name, value)| {
                request.header(*name, *value)
            })
            .body(Body::empty())
            .unwrap();
        let response = router(8765).oneshot(request).await.unwrap();
        let status = response.status();
        (
            status,
            to_bytes(response.into_body(), 4096).await.unwrap().to_vec(),
        )
    }

    #[tokio::test]
    async fn it_says_that_it_drives_no_reader_yet() {
        let (status, body) = ask(&[("host", "127.0.0.1:8765")]).await;
        assert_eq!(status, StatusCode::OK);
        let version: Version = serde_json::from_slice(&body).unwrap();
        assert_eq!(version.name, "shikaku-reader-bridge");
        assert!(!version.drives_readers);
    }

    #[tokio::test]
    async fn the_door_is_for_this_machine_and_no_page() {
        let table: [&[(&str, &str)]; 5] = [
            &[],
            &[("host", "evil.example")],
            &[("host", "127.0.0.1:80")],
            &[("host", "evil.example:8765")],
            &[
                ("host", "127.0.0.1:8765"),
                ("origin", "https://evil.example"),
            ],
        ];
        for headers in table {
            assert_eq!(ask(headers).await.0, StatusCode::FORBIDDEN, "{headers:?}");
        }
        assert_eq!(ask(&[("host", "localhost:8765")]).await.0, StatusCode::OK);
    }
}
