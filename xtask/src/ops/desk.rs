//! Who searches in the example, and how the function is opened for him.

use anyhow::{Context as _, Result, bail, ensure};

use crate::bench::http::{Answer, Connection};

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

    fn done(&self, address: &str, path: &str, json: &str) -> Result<String> {
        let answer = Connection::open(address)?.post(path, &self.0, json)?;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        ensure!(answer.status == 200, "{path}: {} {body}", answer.status);
        Ok(body)
    }
}

/// Asks for the function at one server and opens it at the other.
pub(super) fn open_function(asked: &str, opened: &str) -> Result<()> {
    let administrator = Session::of("admin", asked)?;
    let request = r#"{"contact":"新橋","cause":"line"}"#;
    let standing = administrator.done(asked, "/api/opening", request)?;
    let id = between(&standing, r#""opening":{"id":""#, "\"");
    let acts = format!(
        "/api/operator/openings/{}/acts",
        id.context("an opening without an id")?
    );
    let operator = Session::of("operator", opened)?;
    for act in [
        r#"{"call_back":{"spoken_to":"新橋"}}"#,
        r#""send_form""#,
        r#"{"open":{"hours":1}}"#,
    ] {
        operator.done(opened, &acts, act)?;
    }
    Ok(())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split(after).next()
}
