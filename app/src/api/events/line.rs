//! What is known of the line to the service, as a plain value.

/// How long a line may be silent, in milliseconds; the service says something every ten seconds.
const SILENT_MS: f64 = 25_000.0;
/// How long catching up may take before the page says that it is out of date.
const CATCHING_UP_MS: f64 = 3_000.0;
/// How long one try to connect may take.
const CONNECTING_MS: f64 = 10_000.0;
/// The pause before the first new try; it doubles.
const FIRST_PAUSE_MS: f64 = 400.0;
/// The longest pause.
const MOST_PAUSE_MS: f64 = 8_000.0;

/// How fresh a state is that the service tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Freshness {
    /// As the service has it.
    Live,
    /// Not known to be, but for moments only: nothing needs to be said yet.
    CatchingUp,
    /// Old, and the page says so; in milliseconds since 1970 when it was last fresh.
    OutOfDate {
        /// Since when.
        since: f64,
    },
}

/// What has to be done about the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// It is dead: close it.
    GiveUp,
    /// Try again.
    Connect,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Connecting { since: f64 },
    Open,
    Waiting { until: f64 },
    Stopped,
}

/// The line to the service. Times are in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    phase: Phase,
    /// When something came; before anything has, when following began.
    heard_at: f64,
    failures: u32,
}

impl Line {
    pub(super) fn new(now: f64) -> Self {
        Self {
            phase: Phase::Connecting { since: now },
            heard_at: now,
            failures: 0,
        }
    }

    pub(super) fn heard(&mut self, now: f64) {
        self.phase = Phase::Open;
        self.heard_at = now;
        self.failures = 0;
    }

    /// `chance` is between 0 and 1, so that not all pages come back at once.
    pub(super) fn lost(&mut self, now: f64, chance: f64) {
        let until = now + pause(self.failures, chance);
        self.phase = Phase::Waiting { until };
        self.failures = self.failures.saturating_add(1);
    }

    pub(super) fn connecting(&mut self, now: f64) {
        self.phase = Phase::Connecting { since: now };
    }

    /// The network is back: a pause is over.
    pub(super) fn hurry(&mut self, now: f64) {
        if let Phase::Waiting { .. } = self.phase {
            self.phase = Phase::Waiting { until: now };
        }
    }

    pub(super) fn stop(&mut self) {
        self.phase = Phase::Stopped;
    }

    pub(super) fn due(&self, now: f64) -> Due {
        match self.phase {
            Phase::Open if now - self.heard_at > SILENT_MS => Due::GiveUp,
            Phase::Connecting { since } if now - since > CONNECTING_MS => Due::GiveUp,
            Phase::Waiting { until } if now >= until => Due::Connect,
            _ => Due::Nothing,
        }
    }

    pub(super) fn freshness(&self, now: f64) -> Freshness {
        match self.phase {
            Phase::Open if now - self.heard_at <= SILENT_MS => Freshness::Live,
            _ if now - self.heard_at <= CATCHING_UP_MS => Freshness::CatchingUp,
            _ => Freshness::OutOfDate {
                since: self.heard_at,
            },
        }
    }
}

/// How long to wait after so many failures in a row, in milliseconds: half to all of a time
/// that doubles.
fn pause(failures: u32, chance: f64) -> f64 {
    let longest = FIRST_PAUSE_MS * f64::from(1_u32 << failures.min(8));
    longest.min(MOST_PAUSE_MS) * (0.5 + chance / 2.0)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_silent_line_is_given_up_and_tried_again() {
        let mut line = Line::new(0.0);
        assert_eq!(line.freshness(0.0), Freshness::CatchingUp);
        assert_eq!(line.due(9_000.0), Due::Nothing);
        assert_eq!(line.due(10_001.0), Due::GiveUp);
        line.heard(1_000.0);
        assert_eq!(line.freshness(26_000.0), Freshness::Live);
        assert_eq!(line.due(26_000.0), Due::Nothing);
        assert_eq!(line.due(26_001.0), Due::GiveUp);
        line.lost(26_001.0, 1.0);
        assert_eq!(line.due(26_400.0), Due::Nothing);
        assert_eq!(line.due(26_401.0), Due::Connect);
        line.connecting(26_401.0);
        assert_eq!(line.due(27_000.0), Due::Nothing);
    }

    #[wasm_bindgen_test]
    fn moments_are_catching_up_and_more_is_out_of_date() {
        let mut line = Line::new(0.0);
        line.heard(10_000.0);
        line.lost(12_000.0, 0.0);
        let table = [
            (12_000.0, Freshness::CatchingUp),
            (13_000.0, Freshness::CatchingUp),
            (13_001.0, Freshness::OutOfDate { since: 10_000.0 }),
            (90_000.0, Freshness::OutOfDate { since: 10_000.0 }),
        ];
        for (now, expected) in table {
            assert_eq!(line.freshness(now), expected, "{now}");
        }
        line.connecting(90_000.0);
        assert_eq!(
            line.freshness(90_000.0),
            Freshness::OutOfDate { since: 10_000.0 }
        );
        line.heard(90_100.0);
        assert_eq!(line.freshness(90_100.0), Freshness::Live);
    }

    #[wasm_bindgen_test]
    fn the_network_coming_back_ends_a_pause() {
        let mut line = Line::new(0.0);
        for _ in 0..20 {
            line.lost(0.0, 1.0);
        }
        assert_eq!(line.due(7_999.0), Due::Nothing);
        line.hurry(1.0);
        assert_eq!(line.due(1.0), Due::Connect);
        line.stop();
        line.hurry(2.0);
        assert_eq!(line.due(1e9), Due::Nothing);
    }

    #[wasm_bindgen_test]
    fn pauses_double_and_are_spread() {
        let table = [
            (0, 0.0, 200.0),
            (0, 1.0, 400.0),
            (1, 1.0, 800.0),
            (4, 1.0, 6_400.0),
            (5, 1.0, 8_000.0),
            (u32::MAX, 0.5, 6_000.0),
        ];
        for (failures, chance, expected) in table {
            assert!(
                (pause(failures, chance) - expected).abs() < 1e-9,
                "{failures} {chance}"
            );
        }
    }
}
