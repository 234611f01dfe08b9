//! As much of HTTP/1.1 as the service's answers need: one connection, kept alive, and
//! bodies with a length. A library would be the longest part of this tool's own build.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

const JSON: &str = "application/json";
const PATIENCE: Duration = Duration::from_mins(1);
const MOST_HEADER_BYTES: usize = 64 * 1024;

/// A connection to the service.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value; names are compared as HTTP does.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Connection {
    pub(crate) fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).context("the service takes no connection")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            host: address.to_owned(),
            buffer: Vec::with_capacity(MOST_HEADER_BYTES),
        })
    }

    pub(crate) fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        let host = &self.host;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n");
        self.send(request.as_bytes())
    }

    pub(crate) fn put(&mut self, path: &str, headers: &str, json: &str) -> Result<Answer> {
        let request = with_body("PUT", &self.host, path, headers, (JSON, json));
        self.send(&request)
    }

    pub(crate) fn post(&mut self, path: &str, headers: &str, json: &str) -> Result<Answer> {
        let request = post(&self.host, path, headers, json);
        self.send(&request)
    }

    pub(crate) fn post_csv(&mut self, path: &str, headers: &str, csv: &str) -> Result<Answer> {
        let request = with_body("POST", &self.host, path, headers, ("text/csv", csv));
        self.send(&request)
    }

    /// Begins to follow a stream of events: what comes is to be read.
    pub(crate) fn follow(mut self, path: &str, headers: &str) -> Result<TcpStream> {
        let host = &self.host;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n");
        self.stream.write_all(request.as_bytes())?;
        Ok(self.stream)
    }

    /// Sends a whole request and reads its answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request)?;
        self.buffer.clear();
        let end = self.head_end()?;
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let mut answer = Answer {
            status: status.context("not an answer of HTTP/1.1")?,
            head,
            body: Vec::new(),
        };
        let length = answer.header("content-length").and_then(|n| n.parse().ok());
        let length: usize = length.context("an answer without content-length")?;
        answer.body = self.buffer.split_off(end);
        let have = answer.body.len();
        ensure!(have <= length, "the answer is longer than it says");
        answer.body.resize(length, 0);
        self.stream.read_exact(&mut answer.body[have..])?;
        Ok(answer)
    }

    /// Reads up to the empty line, and gives the place behind it.
    fn head_end(&mut self) -> Result<usize> {
        let mut chunk = [0; 4096];
        loop {
            let from = self.buffer.len().saturating_sub(3);
            let count = match self.stream.read(&mut chunk) {
                // A machine that was paused in between.
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read?,
            };
            ensure!(count > 0, "the service closed the connection");
            self.buffer.extend_from_slice(&chunk[..count]);
            let end = self.buffer[from..]
                .windows(4)
                .position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                return Ok(from + end + 4);
            }
            ensure!(self.buffer.len() < MOST_HEADER_BYTES, "an endless header");
        }
    }
}

/// The bytes of a request with a JSON body; `headers` are whole lines.
pub(crate) fn post(host: &str, path: &str, headers: &str, json: &str) -> Vec<u8> {
    with_body("POST", host, path, headers, (JSON, json))
}

fn with_body(
    method: &str,
    host: &str,
    path: &str,
    headers: &str,
    (media_type, body): (&str, &str),
) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {media_type}\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}
