//! One page's connection, from its greeting to its end.

mod greeting;
mod requests;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::WebSocket;
use protocol::bridge::{ErrorCode, Failure, FromBridge, FromPage, IDLE_SECONDS, Welcome, close};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::door::origin::Origin;
use crate::failures::failure;
use crate::listener::Progress;
use crate::socket::{End, Incoming, Outgoing, split};
use crate::state::AppState;

use requests::Requests;

/// How long a page that is told why may take before the connection is cut.
const FAREWELL: Duration = Duration::from_secs(2);

/// Talks to a page until one of both is gone.
pub(crate) async fn run(
    state: AppState,
    origin: Origin,
    socket: WebSocket,
    progress: Arc<Progress>,
) {
    let (mut incoming, outbox) = split(socket, progress);
    let end = match greeting::greet(&state, &origin, &mut incoming, &outbox).await {
        Ok(guest) => converse(&state, guest, &mut incoming, &outbox).await,
        Err(end) => end,
    };
    if let End::Close(code) = end {
        tracing::debug!(code, "a connection is closed");
        if outbox.send(Outgoing::Close(code)).await.is_ok() {
            // For the other side's own end, so that it gets to read ours.
            let _ = timeout(FAREWELL, async { while incoming.text().await.is_ok() {} }).await;
        }
    }
}

/// What follows the greeting.
async fn converse(
    state: &AppState,
    guest: crate::hub::Guest,
    incoming: &mut Incoming,
    outbox: &mpsc::Sender<Outgoing>,
) -> End {
    let mut seated = state.hub.enter(guest, outbox.clone());
    let _leaving = Leaving {
        state,
        connection: seated.connection,
    };
    let welcome = Welcome {
        bridge: env!("CARGO_PKG_VERSION").to_owned(),
        simulator: state.simulator.is_some(),
        service: seated.service,
        readers: seated.readers,
    };
    if !say(outbox, FromBridge::Welcome(welcome)).await {
        return End::Gone;
    }
    let mut requests = Requests::new(state.clone(), seated.connection, outbox.clone());
    loop {
        let message = tokio::select! {
            message = timeout(Duration::from_secs(IDLE_SECONDS.into()), incoming.text()) => message,
            ended = seated.end.wait_for(Option::is_some) => {
                let code = ended.ok().and_then(|code| *code);
                return code.map_or(End::Gone, End::Close);
            }
        };
        // A page that takes no answers need not be listened to.
        if outbox.is_closed() {
            return End::Gone;
        }
        let text = match message {
            Err(_) => return End::Close(close::IDLE),
            Ok(Err(end)) => return end,
            Ok(Ok(text)) => text,
        };
        match serde_json::from_str(&text) {
            Ok(FromPage::Request(request)) => requests.take(request).await,
            Ok(FromPage::Hello(_) | FromPage::Proof(_)) | Err(_) => {
                return refuse(outbox, failure(ErrorCode::BadMessage), 1002).await;
            }
        }
    }
}

/// Says a message; false when nobody listens any more.
async fn say(outbox: &mpsc::Sender<Outgoing>, message: FromBridge) -> bool {
    outbox.send(Outgoing::of(&message)).await.is_ok()
}

/// Says why it ends.
async fn refuse(outbox: &mpsc::Sender<Outgoing>, failure: Failure, code: u16) -> End {
    if say(outbox, FromBridge::Failed(failure)).await {
        End::Close(code)
    } else {
        End::Gone
    }
}

/// Gives up whatever the page had, however its connection ends.
struct Leaving<'a> {
    state: &'a AppState,
    connection: crate::desk::ConnectionId,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.state.hub.leave(self.connection);
    }
}
