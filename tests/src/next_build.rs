//! Two builds of the page at one address, one after the other.
//!
//! What stands before the service passes everything on. From some moment on it makes the page
//! another build: what is named by its content has other names, as when that had changed, and
//! what had the old names is not there any more.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context as _, Result};

use crate::Stack;

/// What the next build's names end with.
const NEXT: &str = "n";
const VERSION: &str = "x-shikaku-version";

/// A service of which the page can become newer. It lives as long as the program.
pub struct Deployment {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    service: u16,
    /// The names that change: of the program's folder, of the page and of what keeps it.
    names: [String; 3],
    is_next: AtomicBool,
}

impl Deployment {
    /// Stands before a service.
    pub fn of(stack: &Stack) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            service: stack.port(),
            names: names(stack.port())?,
            is_next: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&served);
                // A browser that goes away, or a service that is not there, ends a connection.
                thread::spawn(move || drop(shared.serve(&stream)));
            }
        });
        Ok(Self { port, shared })
    }

    /// The address of the page, without a slash at the end.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on the next build is delivered.
    pub fn deliver_next(&self) {
        self.shared.is_next.store(true, Ordering::SeqCst);
    }

    /// The name of the next build's page, as its `meta` says it.
    pub fn next_version(&self) -> String {
        [&self.shared.names[1], NEXT].concat()
    }
}

/// What the page, its program and its worker are called now.
fn names(service: u16) -> Result<[String; 3]> {
    let page = get(service, "/")?;
    let program = between(&page, "href=/app-", '/').context("the page names no program")?;
    let version = header(&page, VERSION).context("the page has no name")?;
    let worker = get(service, "/worker.js")?;
    let build = between(&worker, "BUILD = \"", '"').context("the worker names no build")?;
    Ok([
        format!("app-{program}"),
        version.to_owned(),
        build.to_owned(),
    ])
}

fn get(service: u16, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, service))?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn between<'a>(text: &'a str, before: &str, after: char) -> Option<&'a str> {
    text.split_once(before)?.1.split(after).next()
}

impl Shared {
    /// One request; the browser connects anew for each.
    fn serve(&self, mut browser: &TcpStream) -> Result<()> {
        let mut reader = BufReader::new(browser.try_clone()?);
        let head = read_head(&mut reader)?;
        let mut body = vec![0; length_of(&head)];
        reader.read_exact(&mut body)?;
        let is_next = self.is_next.load(Ordering::SeqCst);
        let Some(head) = self.request(&head, is_next) else {
            let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            return Ok(browser.write_all(gone.as_bytes())?);
        };
        let mut service = TcpStream::connect((Ipv4Addr::LOCALHOST, self.service))?;
        service.write_all(head.as_bytes())?;
        service.write_all(&body)?;
        let mut answer = BufReader::new(service.try_clone()?);
        let head = read_head(&mut answer)?;
        if is_next && is_text(&head) {
            let mut content = Vec::new();
            answer.read_to_end(&mut content)?;
            let content = self.next(&String::from_utf8(content)?);
            let head = answered(&self.next(&head), Some(content.len()));
            browser.write_all(head.as_bytes())?;
            browser.write_all(content.as_bytes())?;
        } else {
            let head = if is_next { self.next(&head) } else { head };
            browser.write_all(answered(&head, None).as_bytes())?;
            // By hand: what follows a stream must not wait in a buffer.
            let mut piece = [0; 16 * 1024];
            loop {
                let count = answer.read(&mut piece)?;
                if count == 0 {
                    break;
                }
                browser.write_all(&piece[..count])?;
            }
        }
        Ok(browser.shutdown(Shutdown::Both)?)
    }

    /// What the service is asked, in words of its own build; `None` for what is gone.
    fn request(&self, head: &str, is_next: bool) -> Option<String> {
        let mut asked = String::new();
        for (index, line) in head.lines().enumerate() {
            let name = line.split(':').next().unwrap_or_default();
            // Answers that can be changed: whole, and not packed.
            let left_out = ["connection", "accept-encoding", "if-none-match"];
            if left_out.iter().any(|left| name.eq_ignore_ascii_case(left)) || line.is_empty() {
                continue;
            }
            let [program, ..] = &self.names;
            if index == 0 && is_next && line.contains(program.as_str()) {
                let next = [program, NEXT].concat();
                if !line.contains(&next) {
                    return None;
                }
                asked.push_str(&line.replace(&next, program));
            } else {
                asked.push_str(line);
            }
            asked.push_str("\r\n");
        }
        Some(asked + "connection: close\r\n\r\n")
    }

    /// A text of the next build.
    fn next(&self, text: &str) -> String {
        let renamed = |text: String, name: &String| text.replace(name, &[name, NEXT].concat());
        self.names.iter().fold(text.to_owned(), renamed)
    }
}

fn read_head(reader: &mut BufReader<TcpStream>) -> Result<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let count = reader.read_line(&mut head)?;
        anyhow::ensure!(count > 0, "it ended in its head");
    }
    Ok(head)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (this, value) = line.split_once(':')?;
        this.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn length_of(head: &str) -> usize {
    let length = header(head, "content-length");
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// Whether names can stand in it.
fn is_text(head: &str) -> bool {
    let content_type = header(head, "content-type").unwrap_or_default();
    ["text/html", "text/javascript", "application/manifest+json"]
        .iter()
        .any(|text| content_type.starts_with(text))
}

/// An answer's head. The policy goes where the content was changed: it names the page's script
/// by what is in it.
fn answered(head: &str, length: Option<usize>) -> String {
    let mut answered = String::new();
    for line in head.lines().filter(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or_default();
        let is_changed = ["content-length", "content-security-policy", "etag"];
        let goes = is_changed.iter().any(|it| name.eq_ignore_ascii_case(it)) && length.is_some();
        if !goes && !name.eq_ignore_ascii_case("connection") {
            answered.push_str(line);
            answered.push_str("\r\n");
        }
    }
    let length = length.map(|length| format!("content-length: {length}\r\n"));
    let length = length.unwrap_or_default();
    format!("{answered}{length}connection: close\r\n\r\n")
}
