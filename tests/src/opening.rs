//! Opens the emergency function as people do: a request by the institution, and the
//! operator's steps, over HTTP. The service has no shortcut.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

const PASSWORD: &str = "shikaku-demo";
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens the function of the demo's clinic for a day, at a service on this port.
pub(crate) fn open_function(port: u16) -> Result<()> {
    let administrator = Session::log_in(port, "admin")?;
    let request = json!({ "contact": "資格　花子", "cause": "line" });
    let standing = administrator.post("/api/opening", &request)?;
    let id = standing.pointer("/opening/id").and_then(Value::as_str);
    let acts = format!(
        "/api/operator/openings/{}/acts",
        id.context("an opening without an id")?
    );
    let operator = Session::log_in(port, "operator")?;
    for act in [
        json!({ "call_back": { "spoken_to": "資格　花子" } }),
        json!("send_form"),
        json!({ "open": { "hours": 24 } }),
    ] {
        operator.post(&acts, &act)?;
    }
    administrator.log_out()?;
    operator.log_out()
}

/// Takes an operator's step of the one opening that needs something, at a service on this port.
pub(crate) fn operate(port: u16, act: &Value) -> Result<()> {
    let operator = Session::log_in(port, "operator")?;
    let list = operator.get("/api/operator/openings")?;
    let id = list.pointer("/openings/0/id").and_then(Value::as_str);
    let id = id.context("no opening needs anything")?;
    operator.post(&format!("/api/operator/openings/{id}/acts"), act)?;
    operator.log_out()
}

/// Somebody logged in.
struct Session {
    port: u16,
    cookie: String,
}

impl Session {
    fn log_in(port: u16, user_id: &str) -> Result<Self> {
        let log_in = json!({ "user_id": user_id, "password": PASSWORD });
        let answer = send(port, "POST", "/api/session", "", Some(&log_in))?;
        let cookies = answer.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_cookie = name.eq_ignore_ascii_case("set-cookie");
            is_cookie.then(|| value.trim().split(';').next()).flatten()
        });
        let mut cookies = cookies.filter(|cookie| cookie.contains("shikaku-session"));
        let cookie = cookies.next().context("no session")?.to_owned();
        Ok(Self { port, cookie })
    }

    fn get(&self, path: &str) -> Result<Value> {
        let answer = send(self.port, "GET", path, &self.cookie, None)?;
        Ok(serde_json::from_str(&answer.body)?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let answer = send(self.port, "POST", path, &self.cookie, Some(body))?;
        Ok(serde_json::from_str(&answer.body)?)
    }

    fn log_out(&self) -> Result<()> {
        send(self.port, "DELETE", "/api/session", &self.cookie, None).map(drop)
    }
}

struct Answer {
    head: String,
    body: String,
}

/// One request on a connection of its own; anything but a success is an error.
fn send(port: u16, method: &str, path: &str, cookie: &str, body: Option<&Value>) -> Result<Answer> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\
         cookie: {cookie}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer of HTTP")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2'), "{method} {path}: {status} {body}");
    Ok(Answer {
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
