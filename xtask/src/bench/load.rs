//! Load: so many connections, each sending its next request when the last is answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::http::Connection;

/// Connections at once: a morning's counters, and enough to keep the service busy.
pub(super) const CONNECTIONS: usize = 32;

/// What a load measured.
#[derive(Debug, Default)]
pub(super) struct Load {
    /// Each answer's wait.
    waits: Vec<Duration>,
    seconds: f64,
    bytes: usize,
    /// Answers that contain [`FOUND`].
    found: usize,
}

const FOUND: &[u8] = b"{\"outcome\":{\"one\"";

impl Load {
    pub(super) fn per_second(&self) -> f64 {
        as_f64(self.waits.len()) / self.seconds
    }

    pub(super) fn bytes_per_answer(&self) -> f64 {
        as_f64(self.bytes) / as_f64(self.waits.len().max(1))
    }

    /// The part of answers that name one person.
    pub(super) fn found(&self) -> f64 {
        as_f64(self.found) / as_f64(self.waits.len().max(1))
    }

    /// The wait that this part of answers (0.99) did not exceed, in milliseconds.
    pub(super) fn quantile(&self, part: f64) -> f64 {
        quantile(&self.waits, part)
    }

    /// Adds another round of the same load.
    pub(super) fn add(&mut self, other: Self) {
        self.waits.extend(other.waits);
        self.seconds += other.seconds;
        self.bytes += other.bytes;
        self.found += other.found;
    }
}

/// The wait that this part of waits did not exceed, in milliseconds.
pub(super) fn quantile(waits: &[Duration], part: f64) -> f64 {
    let mut waits = waits.to_vec();
    waits.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list of some hundred thousand"
    )]
    let place = (as_f64(waits.len()) * part) as usize;
    let wait = waits.get(place.min(waits.len().saturating_sub(1)));
    wait.map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(super) fn as_f64(count: usize) -> f64 {
    count as f64
}

/// When a load ends.
#[derive(Clone, Copy)]
enum End<'e> {
    After(Duration),
    When(&'e AtomicBool),
}

impl End<'_> {
    fn is_reached(self, elapsed: Duration) -> bool {
        match self {
            Self::After(time) => elapsed >= time,
            Self::When(is_over) => is_over.load(Ordering::Relaxed),
        }
    }
}

/// Sends the requests over and over for so long; any answer but 200 ends it.
pub(super) fn drive(address: &str, requests: &[Vec<u8>], time: Duration) -> Result<Load> {
    drive_paced(address, requests, End::After(time), None)
}

/// The same, but so many requests a second, each at its time; a wait is from that time on,
/// so that what is late makes all that follow late.
pub(super) fn drive_at(
    address: &str,
    requests: &[Vec<u8>],
    time: Duration,
    per_second: f64,
) -> Result<Load> {
    drive_paced(address, requests, End::After(time), Some(pace(per_second)))
}

/// The same, for as long as some work takes; gives also what came of the work.
pub(super) fn drive_during<T>(
    address: &str,
    requests: &[Vec<u8>],
    per_second: f64,
    work: impl FnOnce() -> Result<T>,
) -> Result<(Load, T)> {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (end, between) = (End::When(&is_over), Some(pace(per_second)));
        let load = scope.spawn(move || drive_paced(address, requests, end, between));
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        let load = load.join().ok().context("the load's thread ended")?;
        Ok((load?, done?))
    })
}

/// The time between two requests of one connection.
fn pace(per_second: f64) -> Duration {
    Duration::from_secs_f64(as_f64(CONNECTIONS) / per_second)
}

fn drive_paced(
    address: &str,
    requests: &[Vec<u8>],
    end: End<'_>,
    between: Option<Duration>,
) -> Result<Load> {
    let began = Instant::now();
    let mut load = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|number| scope.spawn(move || one(address, requests, number, between, end)))
            .collect();
        let mut all = Load::default();
        for thread in threads {
            let load = thread.join().ok().context("a connection's thread ended")?;
            all.add(load?);
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    load.seconds = began.elapsed().as_secs_f64();
    Ok(load)
}

fn one(
    address: &str,
    requests: &[Vec<u8>],
    number: usize,
    between: Option<Duration>,
    end: End<'_>,
) -> Result<Load> {
    let mut connection = Connection::open(address)?;
    let mut load = Load::default();
    let first = number * requests.len() / CONNECTIONS;
    let start = Instant::now();
    let mut due = start;
    if let (Some(between), Ok(number)) = (between, u32::try_from(number)) {
        // Not all at the same moment.
        due += between.mul_f64(f64::from(number) / as_f64(CONNECTIONS));
    }
    for request in requests.iter().cycle().skip(first) {
        let began = match between {
            Some(between) => {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let began = due;
                due += between;
                began
            }
            None => Instant::now(),
        };
        if end.is_reached(began.saturating_duration_since(start)) {
            break;
        }
        let answer = connection.send(request)?;
        load.waits.push(began.elapsed());
        load.bytes += answer.body.len();
        load.found += usize::from(answer.body.starts_with(FOUND));
        ensure!(
            answer.status == 200,
            "status {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(load)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_ends_with_its_time_or_with_the_work() {
        let second = Duration::from_secs(1);
        assert!(!End::After(2 * second).is_reached(second));
        assert!(End::After(second).is_reached(second));
        let is_over = AtomicBool::new(false);
        assert!(!End::When(&is_over).is_reached(second));
        is_over.store(true, Ordering::Relaxed);
        assert!(End::When(&is_over).is_reached(Duration::ZERO));
    }

    #[test]
    fn quantiles_are_of_all_rounds() {
        let round = |from: u64, to: u64| Load {
            waits: (from..to).map(Duration::from_millis).collect(),
            seconds: 1.0,
            ..Load::default()
        };
        let mut load = round(50, 100);
        load.add(round(0, 50));
        assert!((load.per_second() - 50.0).abs() < 1e-9);
        assert!((load.quantile(0.5) - 50.0).abs() < 1e-9);
        assert!((load.quantile(0.99) - 99.0).abs() < 1e-9);
        assert!((load.quantile(1.0) - 99.0).abs() < 1e-9);
        assert!(Load::default().quantile(0.5).abs() < 1e-9);
    }
}
