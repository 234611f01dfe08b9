//! What is too much, too slow, or no message at all.

use std::io::{Read as _, Write as _};
use std::net::TcpStream as Plain;
use std::time::{Duration, Instant};

use futures_util::SinkExt as _;
use protocol::bridge::{ErrorCode, FromBridge, FromPage, MOST_MESSAGE_BYTES, close};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::page::{self, Identity, receive};
use crate::process::{PATIENCE, Usage, program};
use crate::{Bridge, ORIGIN, Page};

/// A socket after the handshake, with nothing between the test and the wire.
async fn raw(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "GET /socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        header.push(stream.read_u8().await.unwrap());
    }
    assert!(header.starts_with(b"HTTP/1.1 101"), "{header:?}");
    stream
}

/// Everything until the bridge ends the connection, and the code of its last frame if it
/// is a closing one.
async fn ended(stream: &mut TcpStream) -> Option<u16> {
    let mut bytes = Vec::new();
    timeout(PATIENCE, async {
        let mut buffer = [0; 1024];
        // A reset is an end as well.
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            bytes.extend_from_slice(&buffer[..count]);
        }
    })
    .await
    .unwrap();
    let place = bytes.windows(2).rposition(|pair| pair == [0x88, 2])?;
    let code = bytes.get(place + 2..place + 4)?;
    Some(u16::from_be_bytes([code[0], code[1]]))
}

#[tokio::test]
async fn what_is_too_slow_is_ended() {
    let bridge = Bridge::simulated();
    let port = bridge.port;
    let half_a_header = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
        ended(&mut stream).await
    };
    let nothing_at_all = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        ended(&mut stream).await
    };
    let no_hello = async {
        let mut socket = page::open(port, ORIGIN).await.unwrap();
        receive(&mut socket).await
    };
    let no_proof = async {
        let mut socket = page::open(port, ORIGIN).await.unwrap();
        let hello = Identity::new(3, "slow").hello();
        page::send(&mut socket, &FromPage::Hello(hello)).await;
        receive(&mut socket).await.unwrap();
        receive(&mut socket).await
    };
    let (header, nothing, hello, proof) =
        tokio::join!(half_a_header, nothing_at_all, no_hello, no_proof);
    assert_eq!((header, nothing), (None, None));
    assert_eq!(hello, Err(Some(close::TOO_SLOW)));
    assert_eq!(proof, Err(Some(close::TOO_SLOW)));
}

#[tokio::test]
async fn a_page_that_drips_or_falls_silent_is_cut_off() {
    let bridge = Bridge::simulated();
    let drips = async {
        let page = Page::enter(bridge.port, 1).await;
        let mut stream = page.socket.into_inner();
        // A text frame of 100 bytes, masked, of which one comes each half second.
        stream.write_all(&[0x81, 0xE4, 0, 0, 0, 0]).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let drip = async {
            while writing.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        let mut bytes = Vec::new();
        tokio::select! {
            _ = timeout(PATIENCE, reading.read_to_end(&mut bytes)) => {}
            () = drip => {}
        }
        bytes
    };
    let silent = async {
        // It reads, but answers no ping: as a machine that was unplugged.
        let page = Page::enter(bridge.port, 2).await;
        ended(&mut page.socket.into_inner()).await
    };
    let (dripped, silent) = tokio::join!(drips, silent);
    let policy = [0x88, 2, 0x03, 0xF0];
    assert!(dripped.windows(4).any(|part| part == policy), "{dripped:?}");
    assert_eq!(silent, Some(1008));
}

#[tokio::test]
async fn there_are_so_many_connections_and_no_more() {
    let origins: Vec<_> = (0..9)
        .map(|n| format!("https://clinic{n}.example"))
        .collect();
    let mut options = vec!["--simulator"];
    for origin in &origins {
        options.extend(["--pre-approve", origin]);
    }
    let bridge = Bridge::start(&mut program(), &options);
    let mut sockets = Vec::new();
    for origin in &origins[..8] {
        for _ in 0..4 {
            sockets.push(page::open(bridge.port, origin).await.unwrap());
        }
        assert!(page::open(bridge.port, origin).await.is_err(), "{origin}");
    }
    assert!(page::open(bridge.port, &origins[8]).await.is_err());
    // A place that is given up is free again.
    drop(sockets.pop());
    let started = Instant::now();
    while page::open(bridge.port, &origins[8]).await.is_err() {
        assert!(started.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn messages_that_are_none_end_with_the_code_for_it() {
    let bridge = Bridge::simulated();
    let too_long = Message::text("x".repeat(MOST_MESSAGE_BYTES + 1));
    let table = [
        (too_long, 1009),
        (Message::binary(vec![1, 2, 3]), 1003),
        (Message::text("{"), 1002),
        (Message::text("[]"), 1002),
        (
            Message::text(r#"{"request":{"id":-1,"verb":"readers"}}"#),
            1002,
        ),
        (
            Message::text(r#"{"request":{"id":1,"verb":"transmit"}}"#),
            1002,
        ),
        (Message::text(r#"{"proof":{"signature":""}}"#), 1002),
    ];
    for (message, code) in table {
        let mut page = Page::enter(bridge.port, 1).await;
        page.socket.send(message.clone()).await.unwrap();
        let end = loop {
            match receive(&mut page.socket).await {
                Ok(FromBridge::Failed(failure)) => {
                    assert_eq!(failure.code, ErrorCode::BadMessage);
                }
                Ok(other) => panic!("{other:?}"),
                Err(end) => break end,
            }
        };
        assert_eq!(end, Some(code), "{}", message.len());
    }
    let raw_frames: [(&[u8], u16); 4] = [
        // Not masked, as only a server may.
        (&[0x81, 0x02, b'{', b'}'], 1002),
        // A reserved opcode.
        (&[0x83, 0x80, 0, 0, 0, 0], 1002),
        // Not UTF-8.
        (&[0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
        // Far too long, said before it comes.
        (&[0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
    ];
    for (frame, code) in raw_frames {
        let mut stream = raw(bridge.port).await;
        stream.write_all(frame).await.unwrap();
        assert_eq!(ended(&mut stream).await, Some(code), "{frame:?}");
    }
}

/// Numbers that are the same in every run (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.next() % 64 + 14;
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

#[tokio::test]
async fn ten_thousand_malformed_frames_leave_no_trace() {
    const FRAMES: usize = 10_000;
    let bridge = Bridge::simulated();
    let mut page = Page::enter(bridge.port, 1).await;
    let mut numbers = Numbers(0x5348_494B_414B_5501);
    let mut before = None;
    for frame in 0..FRAMES {
        let mut stream = raw(bridge.port).await;
        let mut bytes = numbers.bytes();
        // Reserved bits are set, so that none of them is a frame by chance.
        bytes[0] |= 0x70;
        stream.write_all(&bytes).await.unwrap();
        // One that announces more than it holds would be waited for.
        stream.shutdown().await.unwrap();
        let code = ended(&mut stream).await;
        let is_right = matches!(code, None | Some(1002 | 1003 | 1007 | 1009));
        assert!(is_right, "{frame}: {code:?}");
        // A page that does not look at its connection does not answer pings either.
        if frame % 100 == 0 {
            page.readers().await;
        }
        if frame == 500 {
            before = Some(Usage::of(bridge.process_id()));
        }
    }
    assert_eq!(page.readers().await.len(), 1);
    let (before, after) = (before.unwrap(), Usage::of(bridge.process_id()));
    assert!(
        after.kilobytes < before.kilobytes + 5 * 1024,
        "{before:?} {after:?}"
    );
    assert_eq!(after.files, before.files);
}

#[tokio::test]
async fn five_hundred_slow_sockets_keep_nobody_waiting() {
    let bridge = Bridge::simulated();
    let mut page = Page::enter(bridge.port, 1).await;
    let slow: Vec<_> = (0..500)
        .map(|_| {
            let mut stream = Plain::connect(("127.0.0.1", bridge.port)).unwrap();
            stream.write_all(b"G").unwrap();
            stream
        })
        .collect();
    let mut times = Vec::new();
    for _ in 0..101 {
        let asked = Instant::now();
        page.readers().await;
        times.push(asked.elapsed());
    }
    times.sort();
    // The middle one: this machine may be busy with something else at times.
    assert!(times[50] < Duration::from_millis(50), "{:?}", times[50]);
    // And none of them is kept for long.
    for mut stream in slow {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let end = stream.read(&mut [0; 16]);
        assert!(matches!(end, Ok(0 | 16) | Err(_)), "{end:?}");
    }
}

#[tokio::test]
async fn a_page_that_takes_nothing_is_let_go() {
    let bridge = Bridge::simulated();
    let page = Page::enter(bridge.port, 1).await;
    let mut watcher = Page::enter(bridge.port, 2).await;
    // Asks without end and reads no answer.
    let stream = page.socket.into_inner();
    let mut deaf =
        tokio_tungstenite::WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    let ask = r#"{"request":{"id":1,"verb":"readers"}}"#;
    let asking = async { while deaf.feed(Message::text(ask)).await.is_ok() {} };
    let watching = async {
        for _ in 0..200 {
            watcher.readers().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let both = async {
        tokio::select! { () = asking => {}, () = watching => {} }
    };
    timeout(PATIENCE, both).await.unwrap();
    assert!(Usage::of(bridge.process_id()).kilobytes < 20 * 1024);
}
