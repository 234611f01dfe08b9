//! The program is told to stop: what is under way is finished, and who is in front is told
//! before anything ends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::commands::Server;

fn tell(server: &Server, signal: &str) {
    let pid = server.child.id().to_string();
    let told = Command::new("kill").args([signal, &pid]).status();
    assert!(told.unwrap().success());
}

fn is_ready(server: &Server) -> bool {
    server.get("/api/health/ready").starts_with("HTTP/1.1 200")
}

fn until_not_ready(server: &Server) {
    while is_ready(server) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn it_stops_cleanly_when_told_to() {
    for signal in ["-INT", "-TERM"] {
        let data = TempDir::new().unwrap();
        let mut server = Server::start(&data, &["--demo"]);
        assert!(server.get("/api/about").contains("shikaku-demo"));
        tell(&server, signal);
        assert!(server.child.wait().unwrap().success(), "{signal}");
        for log in ["shikaku.sqlite-wal", "shikaku.persons.sqlite-wal"] {
            assert!(!data.path().join(log).exists(), "{log}: not closed");
        }
    }
}

#[test]
fn load_balancers_are_told_before_anything_ends() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(&data, &["--stop-notice", "2s"]);
    assert!(is_ready(&server));
    tell(&server, "-TERM");
    until_not_ready(&server);
    let refused = server.get("/api/health/ready");
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("\r\nretry-after: "), "{refused}");
    for path in ["/api/health/live", "/api/health", "/api/about"] {
        assert!(server.get(path).starts_with("HTTP/1.1 200"), "{path}");
    }
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn told_twice_it_ends_at_once() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(&data, &["--stop-notice", "1h"]);
    tell(&server, "-TERM");
    until_not_ready(&server);
    tell(&server, "-TERM");
    assert!(!server.child.wait().unwrap().success());
}

#[test]
fn a_request_in_progress_is_answered() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(&data, &["--demo", "--stop-notice", "1s"]);
    let other = Connection::open(data.path().join("shikaku.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Its attempt is counted first, and somebody else holds the file.
    let mut line = TcpStream::connect(&server.address).unwrap();
    let body = r#"{"user_id":"staff","password":"shikaku-demo"}"#;
    let head = "POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json";
    let length = body.len();
    write!(line, "{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    // Answered after it was read, as it came later.
    assert!(is_ready(&server));
    tell(&server, "-TERM");
    until_not_ready(&server);
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::sleep(Duration::from_millis(5));
    }
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(server.child.wait().unwrap().success());
}
