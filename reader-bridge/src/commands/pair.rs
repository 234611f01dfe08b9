//! `pair`: pages that may use the reader.

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{Method, Request, header};

use super::{Control, Controlled, client};
use crate::announce::say;
use crate::cli::Pair;
use crate::files::{self, CONTROL_PATH, Running};
use crate::pairing::PairingStore;
use crate::state::AppState;

/// Does what the command line says; the number is the process's status.
pub(super) fn run(command: &Pair) -> anyhow::Result<u8> {
    match command {
        Pair::Accept { code, folder } => {
            let folder = files::folder(folder.data.as_deref())?;
            let digits = code.chars().filter(char::is_ascii_digit).collect();
            let running = files::running(&folder)?
                .context("shikaku-reader-bridge は動いていません / no bridge runs for this user")?;
            report(&tell(&running, &Control::Accept(digits))?)
        }
        Pair::List { folder } => list(&files::folder(folder.data.as_deref())?),
        Pair::Revoke { id, folder } => {
            let folder = files::folder(folder.data.as_deref())?;
            // The running bridge cuts the page off as well. Without one the file is enough.
            let answer = files::running(&folder)?
                .and_then(|running| tell(&running, &Control::Revoke(id.clone())).ok());
            match answer {
                Some(answer) => report(&answer),
                None => report(&Controlled::Revoked(
                    PairingStore::open(&folder)?.revoke(id)?,
                )),
            }
        }
    }
}

fn list(folder: &std::path::Path) -> anyhow::Result<u8> {
    let pairings = PairingStore::open(folder)?.list()?;
    if pairings.is_empty() {
        say("ペアリングされた画面はありません / no page is paired");
    }
    for pairing in pairings {
        say(&format!(
            "{}  {}  {}",
            pairing.id, pairing.origin, pairing.label
        ));
    }
    Ok(0)
}

fn report(answer: &Controlled) -> anyhow::Result<u8> {
    let (line, status) = match answer {
        Controlled::Accepted { origin, label } => (
            format!("ペアリングしました / paired: {label} ({origin})"),
            0,
        ),
        Controlled::NoSuchCode => (
            "この番号を表示している画面はありません / no page shows this code".to_owned(),
            1,
        ),
        Controlled::Revoked(0) => (
            "この名前のペアリングはありません / there is no such pairing".to_owned(),
            1,
        ),
        Controlled::Revoked(_) => ("ペアリングを取り消しました / revoked".to_owned(), 0),
        Controlled::Origins(_) => (
            "答えが合いません / an answer to something else".to_owned(),
            1,
        ),
        Controlled::Failed(reason) => anyhow::bail!("{reason}"),
    };
    say(&line);
    Ok(status)
}

/// Tells the running bridge something.
#[tokio::main(flavor = "current_thread")]
pub(super) async fn tell(running: &Running, control: &Control) -> anyhow::Result<Controlled> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(CONTROL_PATH)
        .header(header::AUTHORIZATION, format!("Bearer {}", running.token))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(serde_json::to_vec(control)?))?;
    client::ask(running.port, request).await
}

/// The running bridge's side.
pub(crate) fn obey(state: &AppState, control: &Control) -> Controlled {
    match control {
        Control::Accept(code) => match state.pending.accept(code) {
            Some(page) => Controlled::Accepted {
                origin: page.origin,
                label: page.label,
            },
            None => Controlled::NoSuchCode,
        },
        Control::Revoke(id) => match state.pairings.revoke(id) {
            Ok(revoked) => {
                state.hub.expel(id);
                Controlled::Revoked(revoked)
            }
            Err(error) => Controlled::Failed(error.to_string()),
        },
        Control::Origins => Controlled::Origins(state.approvals.origins().cloned().collect()),
    }
}
