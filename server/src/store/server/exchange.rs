//! News between the servers on one database, by `NOTIFY` and `LISTEN`.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_postgres::Client;

use super::Endpoint;

/// Sends, in one round trip, whatever waits.
const TELL: &str = "SELECT count(pg_notify('shikaku', news)) FROM unnest($1::text[]) news";

/// So much news in one statement at most.
const MOST_TOGETHER: usize = 256;

/// How long a lost connection is not tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// What other servers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard<'t> {
    /// What one sent.
    News(&'t str),
    /// Nothing was heard until now: anything may have been sent.
    Gap,
    /// Every ten seconds, while news can be heard and sent.
    Beat,
}

/// How often [`Heard::Beat`] comes.
const BEAT: Duration = Duration::from_secs(10);

/// Tells and hears until nobody can send any more. What can't be sent is kept until it can.
pub(super) async fn keep(
    endpoint: Endpoint,
    mut outgoing: UnboundedReceiver<String>,
    heard: impl Fn(Heard<'_>),
) {
    let mut waiting = Vec::new();
    loop {
        let over = over_one_connection(&endpoint, &mut outgoing, &mut waiting, &heard);
        match over.await {
            Ok(()) => return,
            Err(lost) => {
                let error = lost.map_or_else(String::new, |error| error.to_string());
                tracing::warn!(error, "no news from other servers for a while");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// `Ok` when nobody can send any more; an error, if it is known, when the connection was lost.
async fn over_one_connection(
    endpoint: &Endpoint,
    outgoing: &mut UnboundedReceiver<String>,
    waiting: &mut Vec<String>,
    heard: &impl Fn(Heard<'_>),
) -> Result<(), Option<tokio_postgres::Error>> {
    let (sender, mut notes) = unbounded_channel();
    let client = endpoint.connect_to_hear(Some(sender)).await?;
    client.batch_execute("LISTEN shikaku").await?;
    let own: i32 = client
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    heard(Heard::Gap);
    tell(&client, waiting).await?;
    let mut beats = tokio::time::interval(BEAT);
    beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            note = notes.recv() => match note {
                Some(note) if note.process_id() == own => {}
                Some(note) => heard(Heard::News(note.payload())),
                None => return Err(None),
            },
            _ = beats.tick() => heard(Heard::Beat),
            news = outgoing.recv_many(waiting, MOST_TOGETHER) => {
                if news == 0 {
                    return Ok(());
                }
                tell(&client, waiting).await?;
            }
        }
    }
}

async fn tell(client: &Client, waiting: &mut Vec<String>) -> Result<(), tokio_postgres::Error> {
    if !waiting.is_empty() {
        client.execute(TELL, &[&*waiting]).await?;
        waiting.clear();
    }
    Ok(())
}
