//! One `WebSocket`: messages in, messages out, and how long either may take.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::bridge::{FromBridge, MOST_MESSAGE_BYTES};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, timeout};
use tokio_tungstenite::tungstenite;

use crate::listener::Progress;

/// How often the other side is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(5);
/// After so long without any sign of it, it is not.
const SILENCE: Duration = Duration::from_secs(15);
/// How long a message that has begun may take.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the other side may take over one message, or over its end of a closing.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// Messages that may wait to be sent to a page.
pub(crate) const OUTBOX: usize = 64;

/// What a connection's writer is given to send.
#[derive(Debug)]
pub enum Outgoing {
    /// A message.
    Message(Message),
    /// The end, with a code of [`protocol::bridge::close`] or of RFC 6455.
    Close(u16),
}

impl Outgoing {
    /// A message to a page.
    pub fn of(message: &FromBridge) -> Self {
        match serde_json::to_string(message) {
            Ok(text) => Self::Message(Message::text(text)),
            Err(error) => {
                tracing::error!(%error, "a message could not be written");
                Self::Close(close_code::ERROR)
            }
        }
    }
}

/// Buffers that fit the messages: thirty-two connections are to be cheap.
pub fn configure(upgrade: WebSocketUpgrade, most_bytes: usize) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(8 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(most_bytes.saturating_mul(4))
        .max_message_size(most_bytes)
        .max_frame_size(most_bytes)
}

/// The configuration for pages.
pub(crate) fn configure_for_pages(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    configure(upgrade, MOST_MESSAGE_BYTES)
}

/// The receiving half.
pub struct Incoming {
    stream: SplitStream<WebSocket>,
    progress: Arc<Progress>,
    heard: Instant,
}

/// Why no more messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The other side has gone; nobody is left to tell.
    Gone,
    /// It is to be closed with that code.
    Close(u16),
}

/// Splits a socket; what is put into the sender is sent by one task, in order.
pub fn split(socket: WebSocket, progress: Arc<Progress>) -> (Incoming, mpsc::Sender<Outgoing>) {
    let (sink, stream) = socket.split();
    let (sender, receiver) = mpsc::channel(OUTBOX);
    tokio::spawn(write(sink, receiver));
    let incoming = Incoming {
        stream,
        progress,
        heard: Instant::now(),
    };
    (incoming, sender)
}

impl Incoming {
    /// The next message, which has to be text. May be dropped while it waits.
    pub async fn text(&mut self) -> Result<String, End> {
        match self.message().await? {
            Message::Text(text) => Ok(text.as_str().to_owned()),
            _ => Err(End::Close(close_code::UNSUPPORTED)),
        }
    }

    /// The next message with contents. May be dropped while it waits.
    pub async fn message(&mut self) -> Result<Message, End> {
        let mut ticks = interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                message = self.stream.next() => {
                    if let ControlFlow::Break(result) = self.take(message) {
                        return result;
                    }
                }
                _ = ticks.tick() => self.check()?,
            }
        }
    }

    fn take(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> ControlFlow<Result<Message, End>> {
        self.progress.complete();
        self.heard = Instant::now();
        match message {
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => ControlFlow::Continue(()),
            // The library has answered it.
            Some(Ok(Message::Close(_))) | None => ControlFlow::Break(Err(End::Gone)),
            Some(Ok(message)) => ControlFlow::Break(Ok(message)),
            Some(Err(error)) => ControlFlow::Break(Err(end_of(error))),
        }
    }

    fn check(&self) -> Result<(), End> {
        let is_late = self
            .progress
            .since()
            .is_some_and(|since| since.elapsed() >= MESSAGE_TIMEOUT);
        if is_late || self.heard.elapsed() >= SILENCE {
            return Err(End::Close(close_code::POLICY));
        }
        Ok(())
    }
}

/// With which code a connection ends whose messages are none.
fn end_of(error: axum::Error) -> End {
    let error = error.into_inner();
    match error.downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => End::Close(close_code::SIZE),
        Some(tungstenite::Error::Utf8(_)) => End::Close(close_code::INVALID),
        Some(tungstenite::Error::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        )) => End::Gone,
        Some(tungstenite::Error::Protocol(_)) => End::Close(close_code::PROTOCOL),
        _ => End::Gone,
    }
}

async fn write(mut sink: SplitSink<WebSocket, Message>, mut outbox: mpsc::Receiver<Outgoing>) {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            outgoing = outbox.recv() => match outgoing {
                Some(Outgoing::Message(message)) => message,
                Some(Outgoing::Close(code)) => {
                    let frame = CloseFrame { code, reason: "".into() };
                    let _ = timeout(WRITE_TIMEOUT, sink.send(Message::Close(Some(frame)))).await;
                    break;
                }
                None => break,
            },
            _ = pings.tick() => Message::Ping(Vec::new().into()),
        };
        if !matches!(timeout(WRITE_TIMEOUT, sink.send(message)).await, Ok(Ok(()))) {
            break;
        }
    }
    // Says the end of the stream too; the reading half sees it.
    let _ = timeout(WRITE_TIMEOUT, sink.close()).await;
}
