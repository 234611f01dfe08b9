//! Reads the card on the first reader that has one through a running bridge, as a page
//! does, and says how long the middle one of so many readings took: to be compared with
//! `direct`.
//!
//! `cargo run --release -p reader-bridge --example through -- 8765 http://127.0.0.1:8080 100`
//! with a bridge that was started with `--pre-approve http://127.0.0.1:8080`
#![expect(clippy::print_stdout, reason = "its figures are for the terminal")]

use std::time::Instant;

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use protocol::bridge::pairing::{Greeting, page_statement};
use protocol::bridge::{
    Answer, FromBridge, FromPage, Hello, Proof, Request, SOCKET_PATH, VERSIONS, Verb,
};
use reader_bridge::pairing::keys::encode;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

type Socket = WebSocketStream<TcpStream>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let [port, origin, times] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .ok()
        .context("port, origin, how many readings?")?;
    let port: u16 = port.parse()?;
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://127.0.0.1:{port}{SOCKET_PATH}").into_client_request()?;
    request
        .headers_mut()
        .insert("origin", origin.as_str().try_into()?);
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let reader = greet(&mut socket, &origin).await?;
    let Answer::Acquired(lease) = ask(&mut socket, 1, Verb::Acquire { reader }).await? else {
        bail!("the reader is in use");
    };
    let mut microseconds = Vec::new();
    for id in 2..times.parse::<u32>()? + 2 {
        let begun = Instant::now();
        let read = Verb::Read {
            lease: lease.lease,
            card: None,
            with_ca: false,
        };
        match ask(&mut socket, id, read).await? {
            Answer::Presented(_) => microseconds.push(begun.elapsed().as_micros()),
            other => bail!("{other:?}"),
        }
    }
    microseconds.sort_unstable();
    let middle = microseconds.get(microseconds.len() / 2);
    println!("{}", middle.context("nothing was read")?);
    Ok(())
}

/// Is let in, and gives the first reader that has a card.
async fn greet(socket: &mut Socket, origin: &str) -> anyhow::Result<protocol::bridge::ReaderId> {
    // Nobody's key: the origin is let in whatever its key.
    let key = SigningKey::from_slice(&[1; 32])?;
    let hello = Hello {
        versions: VERSIONS,
        key: encode(key.verifying_key().to_sec1_point(false).as_bytes()),
        nonce: encode(&[0; 32]),
        label: "measurement".to_owned(),
    };
    send(socket, &FromPage::Hello(hello.clone())).await?;
    let FromBridge::Challenge(challenge) = receive(socket).await? else {
        bail!("no challenge");
    };
    let statement = page_statement(&Greeting {
        origin,
        page_key: &hello.key.0,
        page_nonce: &hello.nonce.0,
        bridge_key: &challenge.bridge_key.0,
        bridge_nonce: &challenge.nonce.0,
        version: challenge.version,
    });
    let signature: Signature = key.sign(statement.as_bytes());
    let signature = encode(&signature.to_bytes());
    send(socket, &FromPage::Proof(Proof { signature })).await?;
    let FromBridge::Welcome(welcome) = receive(socket).await? else {
        bail!("the bridge was not started with --pre-approve {origin}");
    };
    let mut readers = welcome.readers.into_iter();
    let with_card = readers.find(|reader| reader.card.generation().is_some());
    Ok(with_card.context("no reader has a card")?.id)
}

async fn ask(socket: &mut Socket, id: u32, verb: Verb) -> anyhow::Result<Answer> {
    send(socket, &FromPage::Request(Request { id, verb })).await?;
    loop {
        match receive(socket).await? {
            FromBridge::Reply { request, answer } if request == id => return Ok(answer),
            _ => {}
        }
    }
}

async fn send(socket: &mut Socket, message: &FromPage) -> anyhow::Result<()> {
    let text = serde_json::to_string(message)?;
    Ok(socket.send(Message::text(text)).await?)
}

async fn receive(socket: &mut Socket) -> anyhow::Result<FromBridge> {
    loop {
        let message = socket.next().await.context("the bridge has gone")??;
        if let Message::Text(text) = message {
            return Ok(serde_json::from_str(&text)?);
        }
    }
}
