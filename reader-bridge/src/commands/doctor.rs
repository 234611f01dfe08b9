//! `doctor`: what can be in the way of a page and its reader, looked at one by one; and, when
//! asked, the browser policies that take one thing out of the way.

mod grant;
mod origins;
mod policies;

use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use protocol::bridge::{PORTS, VERSION_PATH, Version};

use super::client;
use crate::announce::say;
use crate::cli::Doctor;
use crate::medium::Trouble;
use crate::{files, pcsc, ports};

/// How long the card service may take to answer.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(5);

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    what: &'static str,
    mark: Mark,
    text: String,
    /// What to do, if something is to be done.
    remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Good,
    Bad,
    /// Neither: worth knowing.
    Note,
}

impl Finding {
    fn good(what: &'static str, text: impl Into<String>) -> Self {
        Self::new(what, Mark::Good, text, None)
    }

    fn note(what: &'static str, text: impl Into<String>) -> Self {
        Self::new(what, Mark::Note, text, None)
    }

    fn bad(what: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(what, Mark::Bad, text, Some(remedy.into()))
    }

    fn new(
        what: &'static str,
        mark: Mark,
        text: impl Into<String>,
        remedy: Option<String>,
    ) -> Self {
        let text = text.into();
        Self {
            what,
            mark,
            text,
            remedy,
        }
    }

    fn say(&self) {
        let mark = match self.mark {
            Mark::Good => "○",
            Mark::Bad => "×",
            Mark::Note => "－",
        };
        say(&format!("{mark} {}: {}", self.what, self.text));
        if let Some(remedy) = &self.remedy {
            say(&format!("    → {remedy}"));
        }
    }
}

/// Looks at everything, or makes policies. The status is 1 if something is to be done.
pub(super) fn run(arguments: &Doctor) -> anyhow::Result<u8> {
    let folder = files::folder(arguments.folder.data.as_deref())?;
    let (origins, found) = origins::look(&folder, &arguments.origin);
    if arguments.policies {
        // What could not be read may name more origins.
        let unread = found.iter().filter(|finding| finding.mark == Mark::Bad);
        unread.for_each(Finding::say);
        return grant::run(arguments, &origins);
    }
    let mut findings = card_service();
    findings.extend(bridge(&folder));
    findings.extend(found);
    findings.extend(policies::look(&origins));
    for finding in &findings {
        finding.say();
    }
    let is_bad = findings.iter().any(|finding| finding.mark == Mark::Bad);
    Ok(u8::from(is_bad))
}

/// The service and its readers, asked from a thread that may never come back.
fn card_service() -> Vec<Finding> {
    const WHAT: &str = "カードのサービス (PC/SC)";
    let (sender, answer) = channel();
    thread::spawn(move || sender.send(ask_service()));
    match answer.recv_timeout(SERVICE_TIMEOUT) {
        Ok(Ok(readers)) => {
            let mut findings = vec![Finding::good(WHAT, "動いています")];
            findings.extend(reader_findings(&readers));
            findings
        }
        Ok(Err(trouble)) => {
            let text = match trouble {
                Trouble::ServiceDenied => "この利用者は使えません".to_owned(),
                Trouble::ServiceUnavailable => "動いていません".to_owned(),
                other => other.to_string(),
            };
            vec![Finding::bad(WHAT, text, remedy_of(trouble))]
        }
        Err(_) => vec![Finding::bad(
            WHAT,
            "応答しません",
            "カードリーダーをつなぎ直し、直らないときはサービスか端末を再起動してください",
        )],
    }
}

fn ask_service() -> Result<Vec<String>, Trouble> {
    let context = pcsc::establish()?;
    match context.list_readers_owned() {
        Ok(names) => Ok(names
            .into_iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect()),
        Err(::pcsc::Error::NoReadersAvailable) => Ok(Vec::new()),
        Err(error) => Err(pcsc::trouble(error)),
    }
}

fn reader_findings(readers: &[String]) -> Vec<Finding> {
    const WHAT: &str = "カードリーダー";
    if readers.is_empty() {
        return vec![Finding::bad(
            WHAT,
            "見つかりません",
            "接続を確かめ、機種によってはメーカーのドライバーを入れてください",
        )];
    }
    readers
        .iter()
        .map(|name| Finding::good(WHAT, name))
        .collect()
}

fn remedy_of(trouble: Trouble) -> &'static str {
    match (trouble, std::env::consts::OS) {
        (Trouble::ServiceDenied, "linux") => {
            "この利用者に polkit の org.debian.pcsc-lite.access_pcsc と access_card を許可してください"
        }
        (Trouble::ServiceDenied, _) => "端末の管理者に確かめてください",
        (_, "linux") => {
            "pcscd を入れて動かしてください: sudo apt install pcscd && sudo systemctl enable --now pcscd.socket"
        }
        (_, "windows") => {
            "サービス「Smart Card」を開始してください（リーダーが1台もないと止まります）"
        }
        _ => "カードリーダーをつなぎ、端末を再起動してください",
    }
}

/// The bridge that runs, or what keeps one from running.
fn bridge(folder: &Path) -> Vec<Finding> {
    const WHAT: &str = "shikaku-reader-bridge";
    if let Ok(Some(running)) = files::running(folder) {
        return vec![match version_at(running.port) {
            Some(version) => Finding::good(
                WHAT,
                format!(
                    "動いています: http://127.0.0.1:{}/ （{}、PID {}）",
                    running.port, version.version, running.pid
                ),
            ),
            None => Finding::bad(
                WHAT,
                format!("動いているはずの PID {} が応答しません", running.pid),
                "そのプログラムを終了し、もう一度 shikaku-reader-bridge run を実行してください",
            ),
        }];
    }
    let start = "shikaku-reader-bridge run --allow-origin（画面の接続元） で起動してください";
    let text = "この利用者では動いていません";
    let mut findings = vec![Finding::new(WHAT, Mark::Note, text, Some(start.to_owned()))];
    let taken: Vec<_> = PORTS
        .into_iter()
        .filter(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_err())
        .collect();
    for port in &taken {
        findings.push(Finding::note("ポート", holder_text(*port)));
    }
    if taken.len() == PORTS.len() {
        findings.push(Finding::bad(
            "ポート",
            "使えるポートがありません",
            "上のプログラムのどれかを終了してください",
        ));
    }
    findings
}

fn holder_text(port: u16) -> String {
    if let Some(version) = version_at(port) {
        return format!(
            "{port} は別の {} {} が使っています",
            version.name, version.version
        );
    }
    match ports::holder_of(port) {
        Some(holder) => format!("{port} は {holder} が使っています"),
        None => format!("{port} は別のプログラムが使っています"),
    }
}

/// What a bridge on that port says it is.
#[tokio::main(flavor = "current_thread")]
async fn version_at(port: u16) -> Option<Version> {
    let request = Request::get(VERSION_PATH).body(Body::empty()).ok()?;
    client::ask(port, request).await.ok()
}
