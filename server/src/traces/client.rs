//! HTTP to the collector: one connection for each delivery, of which there is one every few
//! seconds.

use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::header::HOST;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Request, Response, Uri};
use bytes::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

/// The most bytes of an answer, which has nothing to say but what was not taken.
const MOST_BYTES: usize = 64 * 1024;

/// A client that the exporter's thread can wait for, where nothing of a runtime works.
#[derive(Debug)]
pub(super) struct Client {
    runtime: Handle,
    patience: Duration,
}

impl Client {
    pub(super) const fn new(runtime: Handle, patience: Duration) -> Self {
        Self { runtime, patience }
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let patience = self.patience;
        let sent = async move { tokio::time::timeout(patience, send(request)).await? };
        self.runtime.spawn(sent).await?
    }
}

async fn send(mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let authority = request
        .uri()
        .authority()
        .ok_or("no host")?
        .as_str()
        .to_owned();
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", PathAndQuery::as_str);
    *request.uri_mut() = path.parse::<Uri>()?;
    let host = HeaderValue::from_str(&authority)?;
    request.headers_mut().insert(HOST, host);
    let stream = if authority
        .rsplit(']')
        .next()
        .is_some_and(|end| end.contains(':'))
    {
        TcpStream::connect(&authority).await?
    } else {
        TcpStream::connect([&authority, ":80"].concat()).await?
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request.map(Body::from)).await?;
    let (parts, body) = answer.into_parts();
    let body = to_bytes(Body::new(body), MOST_BYTES).await?;
    drop(sender);
    connection.abort();
    Ok(Response::from_parts(parts, body))
}
