//! The bridge's own connections against RFC 6455: the cases of the Autobahn test suite,
//! driven by `kosoku`, which `cargo xtask setup` installs. The suite wants its messages said
//! back; the echo is here, and never in what is delivered.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use reader_bridge::listener::{self, Progress};
use reader_bridge::socket::{End, Outgoing, configure, split};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

/// The suite's longest message.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The cases of version 25.10.1 of the suite.
const CASES: usize = 517;

/// What came of a case.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    behavior: String,
    behavior_close: String,
}

#[tokio::test]
async fn no_case_of_the_suite_fails() {
    let program = std::env::var("SHIKAKU_KOSOKU")
        .expect("SHIKAKU_KOSOKU is not set; `cargo xtask test --only card` sets it");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}/", listener.local_addr().unwrap());
    let echo = Router::new().route("/", any(connect));
    tokio::spawn(listener::serve(listener, echo));
    let folder = tempfile::tempdir().unwrap();
    let mut suite = Command::new(program);
    suite.arg(&address).arg("--outdir").arg(folder.path());
    let output = spawn_blocking(move || suite.output()).await.unwrap();
    // Its status counts what is left out as failed.
    let output = output.unwrap();
    let cases = cases(folder.path());
    assert_eq!(cases.len(), CASES, "{output:?}");
    let failed: Vec<_> = cases.iter().filter(|(_, case)| !is_fine(case)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let unimplemented = |(name, case): (&String, &Case)| {
        // Compression is left out on purpose; nothing else is.
        let is_compression = name.starts_with("12.") || name.starts_with("13.");
        assert!(is_compression || case.behavior != "UNIMPLEMENTED", "{name}");
    };
    cases.iter().for_each(unimplemented);
}

fn is_fine(case: &Case) -> bool {
    let fine = ["OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED"];
    fine.contains(&case.behavior.as_str()) && fine.contains(&case.behavior_close.as_str())
}

fn cases(folder: &Path) -> BTreeMap<String, Case> {
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let mut agents: BTreeMap<String, BTreeMap<String, Case>> =
        serde_json::from_slice(&index).unwrap();
    agents.pop_first().unwrap().1
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
