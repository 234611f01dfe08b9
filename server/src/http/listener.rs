//! Connections: bounded in number and patience, and drained at the end.
//!
//! `axum::serve` never closes a connection that sends half a header, so hyper is
//! driven here directly.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::peer::Peer;

/// How long a client may take over a request's header.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections at once, most of them followers; the next ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 16_384;
/// How long requests in progress may take once the service is told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait when the system refuses a connection (no file handles left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` is done, then ends what is in progress.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            () = &mut stop => break,
        };
        let Some((stream, address, permit)) = accepted else {
            continue;
        };
        let router = router.clone();
        let service = tower::service_fn(move |request: Request<hyper::body::Incoming>| {
            let router = router.clone();
            async move { Ok::<_, Infallible>(serve_request(router, request, address).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _permit = permit;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were cut off at the end");
    }
}

async fn serve_request(
    router: Router,
    request: Request<hyper::body::Incoming>,
    address: SocketAddr,
) -> axum::response::Response {
    let mut request = request.map(axum::body::Body::new);
    request.extensions_mut().insert(Peer(address.ip()));
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

type Permit = tokio::sync::OwnedSemaphorePermit;

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, Permit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, address)) => {
            // Small answers must not wait for more to send.
            let _ = stream.set_nodelay(true);
            notice_dead_line(&stream);
            Some((stream, address, permit))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

/// After so long without a word from the other end on what was sent, a line is dead. What
/// is followed has a sign of life every ten seconds, so a screen that lost its line does not
/// count as connected for longer than both together.
#[cfg(target_os = "linux")]
const DEAD_AFTER: Duration = Duration::from_secs(15);

#[cfg(target_os = "linux")]
fn notice_dead_line(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(DEAD_AFTER));
}

/// Other systems notice it in their own time.
#[cfg(not(target_os = "linux"))]
fn notice_dead_line(_: &TcpStream) {}
