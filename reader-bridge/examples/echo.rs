//! The bridge's own connections, saying back what they are told: for the conformance suite
//! of RFC 6455, which needs an echo (`tests/conformance.rs`). Never in what is delivered.
#![expect(clippy::print_stdout, reason = "its port is read from its terminal")]

use std::sync::Arc;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use reader_bridge::listener::{self, Progress};
use reader_bridge::socket::{End, Outgoing, configure, split};
use tokio::net::TcpListener;

/// The suite's longest message.
const MOST_BYTES: usize = 16 * 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    listener::serve(listener, Router::new().route("/", any(connect))).await;
    Ok(())
}

async fn connect(
    Extension(progress): Extension<Arc<Progress>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    configure(upgrade, MOST_BYTES).on_upgrade(async |socket| echo(socket, progress).await)
}

async fn echo(socket: WebSocket, progress: Arc<Progress>) {
    let (mut incoming, outbox) = split(socket, progress);
    let end = loop {
        let message = match incoming.message().await {
            Ok(message) => Outgoing::Message(message),
            Err(end) => break end,
        };
        if outbox.send(message).await.is_err() {
            break End::Gone;
        }
    };
    if let End::Close(code) = end
        && outbox.send(Outgoing::Close(code)).await.is_ok()
    {
        while incoming.message().await.is_ok() {}
    }
}
