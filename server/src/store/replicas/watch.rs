//! How far replicas are behind.

use std::collections::VecDeque;
use std::sync::Weak;
use std::time::{Duration, Instant};

use tokio::time::timeout;
use tokio_postgres::{Client, Error};

use super::{Replica, Replicas, Standing};
use crate::store::server::Endpoint;

/// How often they are asked.
const PERIOD: Duration = Duration::from_millis(500);

/// Who does not answer within this time is away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Places of the primary's log that are remembered: half an hour of them.
const MOST_PLACES: usize = 3600;

/// Up to where the log is on disk, and whose store it is. What is committed is in there.
const OF_PRIMARY: &str =
    "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint, secret FROM person_number";

/// Up to where it was replayed; nothing from a server that is no replica, or not any more.
const OF_REPLICA: &str = "SELECT CASE WHEN pg_is_in_recovery()
    THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END, secret FROM person_number";

/// A place in the log of some store.
struct Place {
    bytes: i64,
    /// By which stores are told apart.
    secret: Vec<u8>,
}

/// A server that is asked again and again, over one connection as long as it lives.
struct Asked {
    endpoint: Endpoint,
    question: &'static str,
    client: Option<Client>,
}

/// Until the replicas are dropped.
pub(super) async fn keep(primary: Endpoint, replicas: Weak<Replicas>) {
    let mut primary = Asked::new(primary, OF_PRIMARY);
    let mut places = Places::default();
    let Some(all) = replicas.upgrade() else {
        return;
    };
    let endpoints = all.all.iter().map(|replica| replica.server.endpoint());
    let mut asked: Vec<_> = endpoints
        .map(|endpoint| Asked::new(endpoint, OF_REPLICA))
        .collect();
    drop(all);
    let mut periods = tokio::time::interval(PERIOD);
    periods.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        periods.tick().await;
        // Before the question: what was committed until now is before the answer.
        let now = Instant::now();
        let told = primary.ask().await;
        let Some(all) = replicas.upgrade() else {
            return;
        };
        if let Some(place) = told {
            places.add(now, place);
        }
        let answers = asked.iter_mut().zip(&all.all);
        let answers = answers.map(async |(asked, replica)| {
            let place = asked.ask().await;
            note(replica, place.and_then(|place| places.whole_until(&place)));
        });
        futures_util::future::join_all(answers).await;
    }
}

fn note(replica: &Replica, whole_until: Option<Instant>) {
    let before = replica.standing().whole_until.is_some();
    if before != whole_until.is_some() {
        let is_there = whole_until.is_some();
        tracing::warn!(is_there, "a replica came or went");
    }
    replica.set(Standing { whole_until });
}

impl Asked {
    const fn new(endpoint: Endpoint, question: &'static str) -> Self {
        Self {
            endpoint,
            question,
            client: None,
        }
    }

    /// Where it is; `None` if it is away, or no such server.
    async fn ask(&mut self) -> Option<Place> {
        let answer = timeout(PATIENCE, self.ask_patiently()).await;
        if !matches!(answer, Ok(Ok(_))) {
            self.client = None;
        }
        answer.ok()?.ok()?
    }

    async fn ask_patiently(&mut self) -> Result<Option<Place>, Error> {
        let client = match &mut self.client {
            Some(client) => client,
            none => none.insert(self.endpoint.connect().await?),
        };
        let row = client.query_one(self.question, &[]).await?;
        let bytes: Option<i64> = row.try_get(0)?;
        let secret = row.try_get(1)?;
        Ok(bytes.map(|bytes| Place { bytes, secret }))
    }
}

/// Where the primary was, and when.
#[derive(Default)]
struct Places {
    secret: Vec<u8>,
    earlier: VecDeque<(Instant, i64)>,
}

impl Places {
    fn add(&mut self, at: Instant, place: Place) {
        // Another primary may have written less when it took over.
        let last = self.earlier.back().map_or(place.bytes, |(_, bytes)| *bytes);
        if place.bytes < last || self.secret != place.secret {
            self.earlier.clear();
            self.secret = place.secret;
        }
        self.earlier.push_back((at, place.bytes));
        if self.earlier.len() > MOST_PLACES {
            self.earlier.pop_front();
        }
    }

    /// The last moment of which a replica has everything.
    fn whole_until(&self, replica: &Place) -> Option<Instant> {
        let places = self.earlier.iter().rev();
        let mut reached = places.filter(|(_, bytes)| *bytes <= replica.bytes);
        let (at, _) = reached.next().filter(|_| self.secret == replica.secret)?;
        Some(*at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_is_as_late_as_what_it_has_not_replayed() {
        let place = |bytes, secret: &[u8]| Place {
            bytes,
            secret: secret.to_owned(),
        };
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut places = Places::default();
        for (second, bytes) in [(0, 100), (1, 200), (2, 200), (3, 300)] {
            places.add(at(second), place(bytes, b"ours"));
        }
        for (bytes, secret, expected) in [
            (99, b"ours", None),
            (100, b"ours", Some(at(0))),
            (250, b"ours", Some(at(2))),
            (400, b"ours", Some(at(3))),
            (400, b"else", None),
        ] {
            assert_eq!(
                places.whole_until(&place(bytes, secret)),
                expected,
                "{bytes}"
            );
        }
        // Who took over has less in its log: what the last one had written is no measure.
        places.add(at(4), place(150, b"ours"));
        assert_eq!(places.whole_until(&place(400, b"ours")), Some(at(4)));
        assert_eq!(places.whole_until(&place(120, b"ours")), None);
    }
}
