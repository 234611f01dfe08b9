//! Institutions that are there in the morning: logged in, most of them with the function open,
//! the others waiting for it.

use std::fmt::Write as _;
use std::thread;

use anyhow::{Context as _, Result, ensure};

use crate::bench::http::Connection;
use crate::bench::service::{PASSWORD, Service};

/// One of so many still waits for the function when the morning begins.
const ONE_WAITS_OF: usize = 5;
/// The code of the first one, as the service makes them.
const FIRST_CODE: usize = 1_400_000_000;
/// Connections that they are made ready over.
const CONNECTIONS: usize = 8;
/// The most openings in one act.
const MOST_BULK: usize = 1_000;

const SEND_FORM: &str = r#""send_form""#;
const OPEN: &str = r#"{"open":{"hours":24}}"#;

/// One institution.
#[derive(Debug)]
pub(super) struct Member {
    /// The header line of its session.
    pub(super) session: String,
    opening: String,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) members: Vec<Member>,
    /// The header line of the operator's session.
    operator: String,
}

impl Crowd {
    /// Makes so many, and opens the function for those that are to search.
    pub(super) fn gather(service: &Service, count: u32) -> Result<Self> {
        let operator = service.log_in_operator()?;
        let order = format!(r#"{{"institutions":{count},"password":"{PASSWORD}"}}"#);
        let tokens = service.done("/api/bench/crowd", &operator, &order)?;
        let sessions: Vec<_> = tokens
            .trim_matches(['[', ']'])
            .split(',')
            .map(|token| format!("cookie: shikaku-session={}\r\n", token.trim_matches('"')))
            .collect();
        register(service, &operator, sessions.len())?;
        let codes: Vec<_> = (0..sessions.len())
            .map(|number| FIRST_CODE + number)
            .collect();
        let openings = in_parallel(service, &codes, |connection, code| {
            let request = format!(
                r#"{{"medical_institution_code":"{code}","contact":"bench","cause":"disaster"}}"#
            );
            let answer = connection.post("/api/operator/openings", &operator, &request)?;
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            ensure!(answer.status == 200, "a request: {} {body}", answer.status);
            let id = body.split_once(r#""opening":{"id":""#);
            let id = id.and_then(|(_, rest)| rest.split('"').next());
            Ok(id.context("an opening without an id")?.to_owned())
        })?;
        in_parallel(service, &openings, |connection, opening| {
            let act = r#"{"call_back":{"spoken_to":"bench"}}"#;
            send(connection, &operator, opening, act)
        })?;
        let members = sessions.into_iter().zip(openings);
        let crowd = Self {
            members: members
                .map(|(session, opening)| Member { session, opening })
                .collect(),
            operator,
        };
        crowd.open_most(service)?;
        Ok(crowd)
    }

    /// Those for which the function is open from the beginning.
    pub(super) fn opened(&self) -> &[Member] {
        &self.members[self.waiting()..]
    }

    /// How many wait for it: the first ones, because some of them are followed in any case.
    fn waiting(&self) -> usize {
        self.members.len() / ONE_WAITS_OF
    }

    fn open_most(&self, service: &Service) -> Result<()> {
        for act in [SEND_FORM, OPEN] {
            for some in self.opened().chunks(MOST_BULK) {
                let ids: Vec<_> = some
                    .iter()
                    .map(|it| format!(r#""{}""#, it.opening))
                    .collect();
                let ids = ids.join(",");
                let step = format!(r#"{{"openings":[{ids}],"act":{act},"reason":"bench"}}"#);
                let done = service.done("/api/operator/bulk", &self.operator, &step)?;
                ensure!(done.contains(r#""refused":[]"#), "{act}: {done}");
            }
        }
        Ok(())
    }

    /// What operators still have to do: for whom, in which opening, and what.
    pub(super) fn acts(&self) -> Vec<(usize, &str, &'static str)> {
        let waiting = &self.members[..self.waiting()];
        let step = |act| {
            let waiting = waiting.iter().enumerate();
            waiting.map(move |(number, it)| (number, it.opening.as_str(), act))
        };
        step(SEND_FORM).chain(step(OPEN)).collect()
    }

    /// Does one of these.
    pub(super) fn act(
        &self,
        kept: &mut Option<Connection>,
        address: &str,
        opening: &str,
        act: &str,
    ) -> Result<()> {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(address)?,
        };
        send(&mut connection, &self.operator, opening, act)?;
        *kept = Some(connection);
        Ok(())
    }
}

fn send(connection: &mut Connection, operator: &str, opening: &str, act: &str) -> Result<()> {
    let path = format!("/api/operator/openings/{opening}/acts");
    let answer = connection.post(&path, operator, act)?;
    let status = answer.status;
    ensure!(status == 200, "{act}: {status}");
    Ok(())
}

/// Puts them into the register.
fn register(service: &Service, operator: &str, count: usize) -> Result<()> {
    let mut csv = "医療機関コード,医療機関名,電話番号,メールアドレス\n".to_owned();
    for code in (0..count).map(|number| FIRST_CODE + number) {
        let _ = writeln!(csv, "{code},架空医院{code},0312345678,a{code}@example.jp");
    }
    let mut connection = Connection::open(&service.address)?;
    let answer = connection.post_csv("/api/operator/institution-file", operator, &csv)?;
    let body = String::from_utf8_lossy(&answer.body);
    ensure!(
        answer.status == 200,
        "the register: {} {body}",
        answer.status
    );
    Ok(())
}

/// Does something for each over several connections; gives what came of it, in their order.
fn in_parallel<T: Sync, R: Send>(
    service: &Service,
    all: &[T],
    work: impl Fn(&mut Connection, &T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    thread::scope(|scope| {
        let threads: Vec<_> = all
            .chunks(all.len().div_ceil(CONNECTIONS).max(1))
            .map(|some| {
                let work = &work;
                scope.spawn(move || {
                    let mut connection = Connection::open(&service.address)?;
                    some.iter()
                        .map(|one| work(&mut connection, one))
                        .collect::<Result<Vec<R>>>()
                })
            })
            .collect();
        let mut done = Vec::with_capacity(all.len());
        for thread in threads {
            done.extend(thread.join().ok().context("a thread ended")??);
        }
        Ok(done)
    })
}
