//! A morning after a disaster: many institutions have their page open, search, and are opened
//! by the operators meanwhile. What must not happen: errors, memory that grows, news that come
//! late.

mod crowd;
mod streams;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::figures::Figures;
use super::http::Connection;
use super::load::{as_f64, quantile};
use super::service::Service;
use crowd::Crowd;
use streams::Streams;

/// An institution searches once in so long, and opens what it finds.
const BETWEEN_SEARCHES: Duration = Duration::from_secs(20);
/// Somebody logs in once in so long: a password takes a core's tenth of a second.
const BETWEEN_LOG_INS: Duration = Duration::from_secs(1);
/// Connections that searches come over.
const SEARCHERS: usize = 16;
/// How long all institutions may take to have their streams.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was measured.
#[derive(Debug)]
pub(super) struct Morning {
    institutions: usize,
    streams: usize,
    seconds: f64,
    /// From sending a search to its answer.
    searches: Vec<Duration>,
    log_ins: usize,
    acts: usize,
    /// From sending an act to the state in the institution's stream.
    events: Vec<Duration>,
    /// Resident each second, in megabytes; only Linux tells.
    megabytes: Vec<f64>,
    errors: Vec<String>,
}

/// What all threads of a morning share.
struct Shared<'a> {
    service: &'a Service,
    crowd: &'a Crowd,
    forms: &'a [String],
    streams: &'a Streams,
    errors: Mutex<Vec<String>>,
}

/// Has a morning of so many institutions for so long.
pub(super) fn measure(
    service: &Service,
    forms: &[String],
    institutions: u32,
    time: Duration,
) -> Result<Morning> {
    let crowd = Crowd::gather(service, institutions)?;
    let followed = crowd.members.len().min(streams::most());
    let streams = Streams::new(crowd.members.len());
    let is_over = AtomicBool::new(false);
    let shared = Shared {
        service,
        crowd: &crowd,
        forms,
        streams: &streams,
        errors: Mutex::default(),
    };
    let mut morning = thread::scope(|scope| {
        for (number, member) in crowd.members.iter().enumerate().take(followed) {
            let (streams, is_over) = (&streams, &is_over);
            let follow = move || streams.follow(&service.address, number, &member.session, is_over);
            let spawned = thread::Builder::new()
                .stack_size(128 * 1024)
                .spawn_scoped(scope, follow);
            spawned.context("no thread for a stream")?;
        }
        let had = streams
            .wait_for(followed, PATIENCE)
            .and_then(|()| run(&shared, time));
        is_over.store(true, Ordering::Relaxed);
        had
    })?;
    morning.streams = followed;
    morning.events = streams.waits();
    let undelivered = streams.undelivered(followed);
    morning
        .errors
        .extend((0..undelivered).map(|_| "a state that never came".to_owned()));
    let broken = streams.broken();
    morning
        .errors
        .extend((0..broken).map(|_| "a stream that broke off".to_owned()));
    Ok(morning)
}

fn run(shared: &Shared<'_>, time: Duration) -> Result<Morning> {
    let began = Instant::now();
    let end = began + time;
    thread::scope(|scope| {
        let searchers: Vec<_> = (0..SEARCHERS)
            .map(|number| scope.spawn(move || search(shared, number, end)))
            .collect();
        let log_ins = scope.spawn(|| log_in(shared, end));
        let acts = scope.spawn(|| act(shared, began, time));
        let mut megabytes = Vec::new();
        while Instant::now() < end {
            thread::sleep(Duration::from_secs(1));
            megabytes.extend(shared.service.megabytes());
        }
        let mut searches = Vec::new();
        for searcher in searchers {
            searches.extend(searcher.join().ok().context("a searcher ended")?);
        }
        let log_ins = log_ins.join().ok().context("the log-ins ended")?;
        let acts = acts.join().ok().context("the operator ended")?;
        // What was done last is on its way.
        thread::sleep(Duration::from_secs(1));
        let mut errors = shared
            .errors
            .lock()
            .map_err(|_| anyhow::anyhow!("a thread ended"))?;
        Ok(Morning {
            institutions: shared.crowd.members.len(),
            streams: 0,
            seconds: time.as_secs_f64(),
            searches,
            log_ins,
            acts,
            events: Vec::new(),
            megabytes,
            errors: std::mem::take(&mut *errors),
        })
    })
}

impl Shared<'_> {
    /// Notes what went wrong, and goes on.
    fn note<T>(&self, done: Result<T>) -> Option<T> {
        done.map_err(|error| {
            if let Ok(mut errors) = self.errors.lock() {
                errors.push(format!("{error:#}"));
            }
        })
        .ok()
    }
}

/// Searches for the institutions that are this thread's, one after the other.
fn search(shared: &Shared<'_>, number: usize, end: Instant) -> Vec<Duration> {
    let open = shared.crowd.opened();
    let own: Vec<_> = open.iter().skip(number).step_by(SEARCHERS).collect();
    let mut waits = Vec::new();
    if own.is_empty() {
        return waits;
    }
    let between = BETWEEN_SEARCHES.div_f64(as_f64(own.len()));
    let mut due = Instant::now() + between.mul_f64(as_f64(number) / as_f64(SEARCHERS));
    let mut connection = None;
    let forms = shared.forms.iter().cycle().skip(number * 7);
    for (member, form) in own.iter().cycle().zip(forms) {
        if due >= end {
            break;
        }
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let done = one(
            &mut connection,
            &shared.service.address,
            &member.session,
            form,
        );
        waits.extend(shared.note(done));
        due += between;
    }
    waits
}

/// One search, and what it found is opened.
fn one(
    kept: &mut Option<Connection>,
    address: &str,
    session: &str,
    form: &str,
) -> Result<Duration> {
    let mut connection = match kept.take() {
        Some(connection) => connection,
        None => Connection::open(address)?,
    };
    let began = Instant::now();
    let answer = connection.post("/api/eligibility/searches", session, form)?;
    let wait = began.elapsed();
    ensure!(answer.status == 200, "a search: {}", answer.status);
    let body = String::from_utf8_lossy(&answer.body);
    if let Some((_, rest)) = body.split_once(r#""one":""#) {
        let id = rest.split('"').next().unwrap_or_default();
        let opened = connection.get(&format!("/api/eligibility/{id}"), session)?;
        ensure!(opened.status == 200, "an eligibility: {}", opened.status);
    }
    *kept = Some(connection);
    Ok(wait)
}

/// Logs in again and again; gives how often.
fn log_in(shared: &Shared<'_>, end: Instant) -> usize {
    let mut count = 0;
    while Instant::now() + BETWEEN_LOG_INS < end {
        thread::sleep(BETWEEN_LOG_INS);
        let done = shared.service.log_in();
        count += usize::from(shared.note(done).is_some());
    }
    count
}

/// Opens the function for who waits for it, evenly over the time; gives how many acts it took.
fn act(shared: &Shared<'_>, began: Instant, time: Duration) -> usize {
    let acts = shared.crowd.acts();
    let between = time.div_f64(as_f64(acts.len() + 1));
    let mut due = began;
    let mut connection = None;
    let mut count = 0;
    for (number, opening, act) in acts {
        due += between;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        shared.streams.expect(number);
        let done = shared
            .crowd
            .act(&mut connection, &shared.service.address, opening, act);
        count += usize::from(shared.note(done).is_some());
    }
    count
}

impl Morning {
    /// Adds its figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        let errors = as_f64(self.errors.len());
        figures.add("morning_institutions", as_f64(self.institutions));
        figures.add("morning_streams", as_f64(self.streams));
        figures.add("morning_errors", errors);
        figures.add(
            "morning_searches_per_s",
            as_f64(self.searches.len()) / self.seconds,
        );
        figures.add("morning_search_p99_ms", quantile(&self.searches, 0.99));
        figures.add("morning_event_p99_ms", quantile(&self.events, 0.99));
        if let Some(growth) = growth(&self.megabytes) {
            figures.add("morning_memory_growth", growth);
        }
        if let Some(last) = self.megabytes.last() {
            figures.add("morning_rss_mb", *last);
        }
    }

    /// Some sentences.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!(
            "A morning of {} institutions, {} of them followed live, for {:.0} s: {} searches (p50 {:.1} ms, p99 \
             {:.1} ms), {} log-ins, {} acts of operators, {} states delivered (p50 {:.1} ms, p99 {:.1} ms), {} errors.",
            self.institutions,
            self.streams,
            self.seconds,
            self.searches.len(),
            quantile(&self.searches, 0.5),
            quantile(&self.searches, 0.99),
            self.log_ins,
            self.acts,
            self.events.len(),
            quantile(&self.events, 0.5),
            quantile(&self.events, 0.99),
            self.errors.len(),
        );
        if let Some(first) = self.errors.first() {
            text.push_str(" The first: ");
            text.push_str(first);
        }
        text
    }
}

/// What is resident in the last quarter by what was in the second: the first is for warming up.
fn growth(megabytes: &[f64]) -> Option<f64> {
    let quarter = megabytes.len() / 4;
    let mean = |part: &[f64]| part.iter().sum::<f64>() / as_f64(part.len());
    let second = megabytes
        .get(quarter..2 * quarter)
        .filter(|part| !part.is_empty())?;
    let last = megabytes.get(megabytes.len() - quarter..)?;
    Some(mean(last) / mean(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_grows_is_told_from_what_warms_up() {
        for (megabytes, expected) in [
            (&[1.0, 10.0, 10.0, 10.0][..], Some(1.0)),
            (&[1.0, 10.0, 15.0, 20.0], Some(2.0)),
            (&[1.0, 1.0], None),
        ] {
            assert_eq!(growth(megabytes), expected, "{megabytes:?}");
        }
    }
}
