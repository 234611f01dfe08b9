//! One request to a program on this machine's loopback.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio::time::timeout;

const TIMEOUT: Duration = Duration::from_secs(3);
const MOST_BYTES: usize = 64 * 1024;

/// Asks, and gives the answer if it is JSON of that kind.
pub(super) async fn ask<T: DeserializeOwned>(
    port: u16,
    request: Request<Body>,
) -> anyhow::Result<T> {
    timeout(TIMEOUT, exchange(port, request))
        .await
        .with_context(|| format!("port {port} does not answer"))?
}

async fn exchange<T: DeserializeOwned>(port: u16, mut request: Request<Body>) -> anyhow::Result<T> {
    let host = format!("127.0.0.1:{port}").try_into()?;
    request.headers_mut().insert(header::HOST, host);
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let status = response.status();
    ensure!(status.is_success(), "port {port} answers with {status}");
    let body = to_bytes(Body::new(response.into_body()), MOST_BYTES).await?;
    connection.abort();
    Ok(serde_json::from_slice(&body)?)
}
