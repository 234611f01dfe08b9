//! The machine's clock, from one place, and whether the machine slept.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970; 0 if the clock is before.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the machine's clock"
)]
pub(crate) fn unix_milliseconds() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Both clocks, looked at together.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The one that people set.
    pub wall: Duration,
    /// The one that only goes forward, and on some systems not while the machine sleeps.
    pub steady: Instant,
}

impl Look {
    /// Looks at both.
    pub fn now() -> Self {
        Self {
            wall: Duration::from_millis(unix_milliseconds()),
            steady: Instant::now(),
        }
    }
}

/// Between two looks more time than this must be missing for a sleep: the clock is set by
/// less from the network, and a busy machine is late by less.
pub const SHORTEST_SLEEP: Duration = Duration::from_secs(10);

/// How long the machine slept between two looks that were meant to be `apart`, if it did.
///
/// Where the steady clock stands still in sleep (Linux, macOS), the other one runs ahead of
/// it; where it runs on (Windows), the second look comes late. A clock that is set forward
/// looks the same as a sleep, and ends leases needlessly; one that is set back is none.
pub fn slept(before: Look, after: Look, apart: Duration) -> Option<Duration> {
    let steady = after.steady.saturating_duration_since(before.steady);
    let ahead = after
        .wall
        .saturating_sub(before.wall)
        .saturating_sub(steady);
    let late = steady.saturating_sub(apart);
    Some(ahead.max(late)).filter(|missing| *missing >= SHORTEST_SLEEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_time_that_is_missing() {
        let (apart, begin) = (Duration::from_secs(5), Instant::now());
        // Seconds that the wall clock and the steady clock went on.
        let table = [
            ((5, 5), None),
            ((6, 5), None),
            ((9, 9), None),
            ((14, 5), None),
            ((15, 5), Some(10)),
            ((3_600, 5), Some(3_595)),
            ((3_600, 3_600), Some(3_595)),
            ((0, 5), None),
            ((0, 3_600), Some(3_595)),
        ];
        for ((wall, steady), expected) in table {
            let before = Look {
                wall: Duration::from_hours(10),
                steady: begin,
            };
            let after = Look {
                wall: before.wall + Duration::from_secs(wall),
                steady: begin + Duration::from_secs(steady),
            };
            let expected = expected.map(Duration::from_secs);
            assert_eq!(slept(before, after, apart), expected, "{wall} {steady}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_is_no_sleep() {
        let before = Look::now();
        let after = Look {
            wall: before.wall.saturating_sub(Duration::from_hours(1)),
            steady: before.steady + Duration::from_secs(5),
        };
        assert_eq!(slept(before, after, Duration::from_secs(5)), None);
    }
}
