//! The door as a browser meets it: over HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use protocol::bridge::{Refusal, RefusalReason, SOCKET_PATH, VERSION_PATH, Version};

use crate::page::{self, Identity, receive};
use crate::process::program;
use crate::{Bridge, ORIGIN};

/// A request as it stands, and the answer: status, header, body.
fn ask(bridge: &Bridge, request: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", bridge.port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (header, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = header.split(' ').nth(1).unwrap().parse().unwrap();
    (status, header.to_lowercase(), body.to_owned())
}

fn get(bridge: &Bridge, path: &str, headers: &str) -> (u16, String, String) {
    let port = bridge.port;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n");
    ask(bridge, &request)
}

#[test]
fn whoever_is_refused_is_told_why() {
    let bridge = Bridge::simulated();
    let reason_of = |(status, _, body): (u16, String, String)| {
        let refusal: Refusal = serde_json::from_str(&body).unwrap();
        assert!(!refusal.message.is_empty());
        (status, refusal.reason)
    };
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    let table = [
        ("", RefusalReason::OriginMissing),
        ("Origin: null\r\n", RefusalReason::OriginMalformed),
        (
            "Origin: https://fakeclinic.example\r\n",
            RefusalReason::OriginNotAllowed,
        ),
        (
            "Origin: https://clinic.example\r\nOrigin: https://clinic.example\r\n",
            RefusalReason::OriginMalformed,
        ),
    ];
    for (headers, reason) in table {
        let answer = get(&bridge, SOCKET_PATH, &format!("{headers}{upgrade}"));
        assert_eq!(reason_of(answer), (403, reason), "{headers}");
    }
    let rebound = "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    let refused = reason_of(ask(&bridge, rebound));
    assert_eq!(refused, (403, RefusalReason::HostNotOwn));
    let nowhere = reason_of(get(&bridge, "/nowhere", ""));
    assert_eq!(nowhere, (404, RefusalReason::NotFound));
}

#[test]
fn the_version_is_told_to_allowed_origins() {
    let bridge = Bridge::simulated();
    let origin = format!("Origin: {ORIGIN}\r\n");
    let (status, header, body) = get(&bridge, VERSION_PATH, &origin);
    assert_eq!(status, 200);
    let version: Version = serde_json::from_str(&body).unwrap();
    assert!(version.drives_readers);
    let allow = format!("access-control-allow-origin: {ORIGIN}");
    assert!(header.contains(&allow), "{header}");
    let (status, header, _) = get(&bridge, VERSION_PATH, "Origin: https://evil.example\r\n");
    assert_eq!(status, 403);
    assert!(!header.contains("access-control"), "{header}");
}

#[tokio::test]
async fn the_status_page_is_for_the_person_at_the_machine() {
    let bridge = Bridge::start(&mut program(), &["--simulator", "--allow-origin", ORIGIN]);
    let identity = Identity::new(5, "<b>受付</b>");
    let mut socket = page::open(bridge.port, ORIGIN).await.unwrap();
    let code = page::greet(&mut socket, ORIGIN, &identity).await;
    receive(&mut socket).await.unwrap();
    let (status, header, body) = get(&bridge, "/", "");
    assert_eq!(status, 200);
    assert!(body.contains(&format!("pair accept {code}")), "{body}");
    assert!(body.contains("&lt;b&gt;受付"), "{body}");
    assert!(body.contains("模擬カードリーダー — カードなし"), "{body}");
    assert!(header.contains("content-security-policy: default-src 'none'"));
    assert!(!header.contains("set-cookie"), "{header}");
    // Neither to a page, nor into one.
    let from_page = get(&bridge, "/", &format!("Origin: {ORIGIN}\r\n"));
    assert_eq!(from_page.0, 403);
    assert!(!from_page.2.contains(&code));
    assert_eq!(get(&bridge, "/", "Sec-Fetch-Site: cross-site\r\n").0, 403);
    assert!(header.contains("frame-ancestors 'none'"));
}

#[test]
fn what_changes_something_wants_the_token_of_this_user() {
    let bridge = Bridge::simulated();
    let port = bridge.port;
    let body = r#"{"accept":"000000"}"#;
    let length = body.len();
    let post = |headers: &str| {
        let request = format!(
            "POST /control HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\
             \r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        ask(&bridge, &request).0
    };
    assert_eq!(post(""), 401);
    assert_eq!(post("Authorization: Bearer \r\n"), 401);
    assert_eq!(post("Authorization: Bearer AAAA\r\n"), 401);
    assert_eq!(post(&format!("Origin: {ORIGIN}\r\n")), 403);
    let get = get(&bridge, "/control", "");
    assert_eq!(get.0, 405);
}
