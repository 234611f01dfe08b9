//! Stopping: load balancers first, then who follows, then what is in progress; and at once
//! when it is said twice.

use std::time::Duration;

use tokio::net::TcpListener;

use crate::http::listener;
use crate::router::router;
use crate::state::AppState;

/// How the service came to its end.
pub(super) enum Stopped {
    /// Requests in progress were answered.
    Drained,
    /// It was told a second time.
    AtOnce,
}

/// Serves; when told to stop, says so to load balancers, then ends streams, then answers what
/// is in progress. Told again, it ends at once.
pub(super) async fn until_stopped(
    listener: TcpListener,
    state: AppState,
    mut signals: Signals,
    notice: Duration,
) -> Stopped {
    let (tell, told) = tokio::sync::oneshot::channel();
    let leaving = state.clone();
    let stop = async move {
        // It is told, or nobody is there any more who could tell it.
        let _ = told.await;
        leaving.leave();
        tokio::time::sleep(notice).await;
        leaving.end_streams();
    };
    let twice = async {
        signals.next().await;
        let _ = tell.send(());
        signals.next().await;
    };
    tokio::select! {
        () = listener::serve(listener, router(state), stop) => Stopped::Drained,
        () = twice => Stopped::AtOnce,
    }
}

/// Ctrl-C, and the signal that service managers send. Listened for from the beginning on,
/// not from the first poll: one that comes in between must not kill the service.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
