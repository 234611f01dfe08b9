//! A page: what a browser sends, without one.

use std::collections::VecDeque;

use futures_util::{SinkExt as _, StreamExt as _};
use p256::ecdsa::SigningKey;
use protocol::bridge::pairing::{Greeting, bridge_statement, code, code_statement, page_statement};
use protocol::bridge::{
    Answer, Bytes, CardGeneration, CardState, Challenge, Event, Failure, FromBridge, FromPage,
    Hello, HoldingId, Lease, PresentedCard, Proof, ReaderId, ReaderState, Request, SOCKET_PATH,
    VERSIONS, Verb, Welcome,
};
use reader_bridge::pairing::keys::encode;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::ORIGIN;
use crate::process::PATIENCE;

pub(crate) type Socket = WebSocketStream<TcpStream>;

/// A page that was let in.
pub(crate) struct Page {
    pub(crate) socket: Socket,
    pub(crate) welcome: Welcome,
    last_request: u32,
    /// Events that came while something else was waited for.
    events: VecDeque<Event>,
    replies: Vec<(u32, Answer)>,
}

/// A page's key, and how it calls itself.
pub(crate) struct Identity {
    key: SigningKey,
    pub(crate) label: String,
}

impl Identity {
    pub(crate) fn new(seed: u8, label: &str) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed.max(1); 32]).unwrap(),
            label: label.to_owned(),
        }
    }

    pub(crate) fn public(&self) -> Bytes {
        encode(self.key.verifying_key().to_sec1_point(false).as_bytes())
    }

    pub(crate) fn hello(&self) -> Hello {
        Hello {
            versions: VERSIONS,
            key: self.public(),
            nonce: encode(&[7; 32]),
            label: self.label.clone(),
        }
    }

    pub(crate) fn sign(&self, statement: &str) -> Bytes {
        use p256::ecdsa::signature::Signer as _;
        let signature: p256::ecdsa::Signature = self.key.sign(statement.as_bytes());
        encode(&signature.to_bytes())
    }
}

/// Opens a socket as a page of that origin does.
pub(crate) async fn open(port: u16, origin: &str) -> Result<Socket, tungstenite::Error> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut request = format!("ws://127.0.0.1:{port}{SOCKET_PATH}")
        .into_client_request()
        .unwrap();
    request
        .headers_mut()
        .insert("origin", origin.try_into().unwrap());
    let (socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    Ok(socket)
}

pub(crate) async fn send(socket: &mut Socket, message: &FromPage) {
    let text = serde_json::to_string(message).unwrap();
    socket.send(Message::text(text)).await.unwrap();
}

/// The next message; `Err` with the code when the bridge closes.
pub(crate) async fn receive(socket: &mut Socket) -> Result<FromBridge, Option<u16>> {
    loop {
        let message = timeout(PATIENCE, socket.next()).await.unwrap();
        match message {
            Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(None),
        }
    }
}

/// Says who is there, and proves it. Checks the bridge's own proof. Returns the code that
/// the page would show, if asked to.
pub(crate) async fn greet(socket: &mut Socket, origin: &str, identity: &Identity) -> String {
    let hello = identity.hello();
    send(socket, &FromPage::Hello(hello.clone())).await;
    let Ok(FromBridge::Challenge(challenge)) = receive(socket).await else {
        panic!("no challenge");
    };
    let Challenge {
        version,
        nonce,
        bridge_key,
        signature,
    } = &challenge;
    let greeting = Greeting {
        origin,
        page_key: &hello.key.0,
        page_nonce: &hello.nonce.0,
        bridge_key: &bridge_key.0,
        bridge_nonce: &nonce.0,
        version: *version,
    };
    check_bridge(&greeting, bridge_key, signature);
    let signature = identity.sign(&page_statement(&greeting));
    send(socket, &FromPage::Proof(Proof { signature })).await;
    code(&Sha256::digest(code_statement(&greeting)).into())
}

fn check_bridge(greeting: &Greeting<'_>, key: &Bytes, signature: &Bytes) {
    use base64::Engine as _;
    use p256::ecdsa::signature::Verifier as _;
    let decode = |bytes: &Bytes| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(&bytes.0)
            .unwrap()
    };
    p256::ecdsa::VerifyingKey::from_sec1_bytes(&decode(key))
        .unwrap()
        .verify(
            bridge_statement(greeting).as_bytes(),
            &p256::ecdsa::Signature::from_slice(&decode(signature)).unwrap(),
        )
        .unwrap();
}

impl Page {
    /// A page that is let in without a code.
    pub(crate) async fn enter(port: u16, seed: u8) -> Self {
        let identity = Identity::new(seed, &format!("page {seed}"));
        let mut socket = open(port, ORIGIN).await.unwrap();
        greet(&mut socket, ORIGIN, &identity).await;
        Self::welcomed(socket).await
    }

    pub(crate) async fn welcomed(mut socket: Socket) -> Self {
        let message = receive(&mut socket).await;
        let Ok(FromBridge::Welcome(welcome)) = message else {
            panic!("no welcome: {message:?}");
        };
        Self {
            socket,
            welcome,
            last_request: 0,
            events: VecDeque::new(),
            replies: Vec::new(),
        }
    }

    /// Sends a request, and gives its number.
    pub(crate) async fn start(&mut self, verb: Verb) -> u32 {
        self.last_request += 1;
        let id = self.last_request;
        send(&mut self.socket, &FromPage::Request(Request { id, verb })).await;
        id
    }

    /// The answer to that request.
    pub(crate) async fn answer(&mut self, id: u32) -> Answer {
        loop {
            if let Some(place) = self.replies.iter().position(|(request, _)| *request == id) {
                return self.replies.remove(place).1;
            }
            self.take().await;
        }
    }

    pub(crate) async fn ask(&mut self, verb: Verb) -> Answer {
        let id = self.start(verb).await;
        self.answer(id).await
    }

    async fn take(&mut self) {
        match receive(&mut self.socket).await.unwrap() {
            FromBridge::Reply { request, answer } => self.replies.push((request, answer)),
            FromBridge::Event(event) => self.events.push_back(event),
            other => panic!("{other:?}"),
        }
    }

    /// Waits for an event, leaving out others.
    pub(crate) async fn event<T>(&mut self, wanted: impl Fn(&Event) -> Option<T>) -> T {
        loop {
            while let Some(event) = self.events.pop_front() {
                if let Some(found) = wanted(&event) {
                    return found;
                }
            }
            self.take().await;
        }
    }

    /// Events that have come and were not asked for.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        self.events.drain(..).collect()
    }

    pub(crate) async fn readers(&mut self) -> Vec<ReaderState> {
        match self.ask(Verb::Readers).await {
            Answer::Readers { readers, .. } => readers,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the first reader is as wanted.
    pub(crate) async fn reader(&mut self, is_wanted: impl Fn(&ReaderState) -> bool) -> ReaderState {
        loop {
            let mut readers = self.readers().await;
            readers.truncate(1);
            if let Some(reader) = readers.pop()
                && is_wanted(&reader)
            {
                return reader;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// Waits for a card on the first reader.
    pub(crate) async fn card(&mut self) -> (ReaderId, CardGeneration) {
        let reader = self
            .reader(|reader| matches!(reader.card, CardState::Present { .. }))
            .await;
        (reader.id, reader.card.generation().unwrap())
    }

    pub(crate) async fn acquire(&mut self, reader: ReaderId) -> Result<Lease, Failure> {
        match self.ask(Verb::Acquire { reader }).await {
            Answer::Acquired(lease) => Ok(lease),
            Answer::Failed(failure) => Err(failure),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn read(
        &mut self,
        lease: HoldingId,
        card: Option<CardGeneration>,
    ) -> Result<PresentedCard, Failure> {
        let id = self
            .start(Verb::Read {
                lease,
                card,
                with_ca: false,
            })
            .await;
        self.read_answer(id).await
    }

    pub(crate) async fn read_answer(&mut self, id: u32) -> Result<PresentedCard, Failure> {
        match self.answer(id).await {
            Answer::Presented(card) => Ok(card),
            Answer::Failed(failure) => Err(failure),
            other => panic!("{other:?}"),
        }
    }
}
