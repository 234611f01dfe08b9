//! Who searches in the example, and how the function is opened for him.

use std::io::Read as _;
use std::net::TcpStream;

use anyhow::{Context as _, Result, bail, ensure};

use crate::bench::{Answer, Connection};

/// Of every account of the demo.
const PASSWORD: &str = "shikaku-demo";
const SEARCHES: &str = "/api/eligibility/searches";

/// A session, at whatever server it is used.
#[derive(Debug, Clone)]
pub(super) struct Session(String);

impl Session {
    /// Logs in at an address.
    pub(super) fn of(user_id: &str, address: &str) -> Result<Self> {
        let json = format!(r#"{{"user_id":"{user_id}","password":"{PASSWORD}"}}"#);
        let answer = Connection::open(address)?.post("/api/session", "", &json)?;
        let cookie = answer.header("set-cookie");
        match cookie.and_then(|cookie| cookie.split(';').next()) {
            Some(cookie) if answer.status == 200 => Ok(Self(format!("cookie: {cookie}\r\n"))),
            _ => bail!("the log-in of {user_id} was refused: {}", answer.status),
        }
    }

    /// Whether it still holds there.
    pub(super) fn holds(&self, address: &str) -> Result<bool> {
        let answer = Connection::open(address)?.get("/api/session", &self.0)?;
        Ok(answer.status == 200)
    }

    /// Searches for the two persons of the source document.
    pub(super) fn search(&self, address: &str, day: &str) -> Result<Answer> {
        let form = format!(
            r#"{{"name":"新橋 太郎","name_kana":"","birthdate":"2021/03/26","sex1":"1","address":"東京都","insurer_name":"","qualification_confirmation_date":"{day}"}}"#
        );
        Connection::open(address)?.post(SEARCHES, &self.0, &form)
    }

    /// Follows what happens at the institution.
    pub(super) fn follow(&self, address: &str) -> Result<Followed> {
        let connection = Connection::open(address)?;
        Ok(Followed(connection.follow("/api/events", &self.0)?))
    }

    fn done(&self, address: &str, path: &str, json: &str) -> Result<String> {
        let answer = Connection::open(address)?.post(path, &self.0, json)?;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        ensure!(answer.status == 200, "{path}: {} {body}", answer.status);
        Ok(body)
    }
}

/// An opening of the function, and who made it.
#[derive(Debug)]
pub(super) struct Opening {
    operator: Session,
    acts: String,
}

impl Opening {
    /// Asks for the function at one server and opens it at the other.
    pub(super) fn make(asked: &str, opened: &str) -> Result<Self> {
        let administrator = Session::of("admin", asked)?;
        let request = r#"{"contact":"新橋","cause":"line"}"#;
        let standing = administrator.done(asked, "/api/opening", request)?;
        let id = between(&standing, r#""opening":{"id":""#, "\"");
        let id = id.context("an opening without an id")?;
        let opening = Self {
            operator: Session::of("operator", opened)?,
            acts: format!("/api/operator/openings/{id}/acts"),
        };
        for act in [
            r#"{"call_back":{"spoken_to":"新橋"}}"#,
            r#""send_form""#,
            r#"{"open":{"hours":1}}"#,
        ] {
            opening.act(opened, act)?;
        }
        Ok(opening)
    }

    /// Ends it at an address.
    pub(super) fn end(&self, address: &str) -> Result<()> {
        self.act(address, r#"{"end":{"reason":"復旧"}}"#)
    }

    fn act(&self, address: &str, act: &str) -> Result<()> {
        self.operator.done(address, &self.acts, act).map(drop)
    }
}

/// What a window is told without asking.
#[derive(Debug)]
pub(super) struct Followed(TcpStream);

impl Followed {
    /// Waits until it was told that the opening is at this stage.
    pub(super) fn until_told(&mut self, stage: &str) -> Result<()> {
        let wanted = format!(r#""stage":"{stage}""#);
        let mut told = Vec::new();
        while !String::from_utf8_lossy(&told).contains(&wanted) {
            let mut chunk = [0; 4096];
            let count = self.0.read(&mut chunk)?;
            ensure!(count > 0, "nothing more is told, and not {wanted}");
            told.extend_from_slice(&chunk[..count]);
        }
        Ok(())
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split(after).next()
}
