//! The figures by their names, what they should be, and where: one table for people, one
//! object for programs (`target/bench.json`).

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Map, Value};

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Aim {
    AtLeast(f64),
    AtMost(f64),
    /// None: it is told to be known.
    Free,
}

impl Aim {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
            Self::Free => true,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::Free => "–".to_owned(),
        }
    }
}

/// The figures that something is promised of, and what is meant by them; all others are told
/// without an aim.
const AIMS: [(&str, Aim, &str); 20] = [
    (
        "search_http_ratio",
        Aim::AtLeast(0.5),
        "searches per fixed answer, the lowest of all sizes",
    ),
    (
        "search_growth",
        Aim::AtMost(1.8),
        "p50 with most persons ÷ p50 with fewest",
    ),
    (
        "search_p99_ms",
        Aim::AtMost(5.0),
        "p99 under 80 % of the most, with most persons, the middle one of five rounds",
    ),
    (
        "postgres_ratio",
        Aim::AtLeast(0.2),
        "searches per fixed answer, on PostgreSQL",
    ),
    (
        "postgres_pgbench_ratio",
        Aim::AtLeast(0.5),
        "searches on PostgreSQL ÷ what pgbench does of their selects alone",
    ),
    (
        "import_rows_per_s",
        Aim::AtLeast(100_000.0),
        "into an empty store, with most persons",
    ),
    (
        "import_live_rows_per_s",
        Aim::AtLeast(20_000.0),
        "into a store in use",
    ),
    (
        "search_p99_import_ratio",
        Aim::AtMost(2.0),
        "p99 of searches while that goes on ÷ before, 250 a second",
    ),
    ("rss_idle_mb", Aim::AtMost(30.0), "resident, just started"),
    (
        "rss_10m_mb",
        Aim::AtMost(200.0),
        "resident, after searches among 10 million",
    ),
    (
        "first_load_brotli_kb",
        Aim::AtMost(200.0),
        "what a browser loads first",
    ),
    (
        "first_form_ms",
        Aim::Free,
        "until the form can be used, 4 × slower processor, 1.6 Mbit/s, 150 ms",
    ),
    (
        "first_form_ratio",
        Aim::Free,
        "the same ÷ that of the form alone in JavaScript (Preact)",
    ),
    (
        "search_to_painted_frames",
        Aim::AtMost(2.0),
        "検索 → painted list without the server's time, in 1/60 s",
    ),
    (
        "bridge_read_ratio",
        Aim::AtMost(1.2),
        "a card through the bridge ÷ without it",
    ),
    (
        "card_to_result_ms",
        Aim::AtMost(100.0),
        "card placed → eligibility, without the card",
    ),
    (
        "morning_errors",
        Aim::AtMost(0.0),
        "answers that were none, streams that broke off",
    ),
    (
        "morning_event_p99_ms",
        Aim::AtMost(500.0),
        "an operator's act → the institution's stream",
    ),
    (
        "morning_memory_growth",
        Aim::AtMost(1.1),
        "resident in the last quarter ÷ in the second",
    ),
    ("morning_searches_per_s", Aim::Free, "searches meanwhile"),
];

/// What was measured in one run.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) machine: String,
    pub(super) commit: String,
    pub(super) date: String,
    values: Vec<(String, f64)>,
}

impl Figures {
    pub(super) const fn new(machine: String, commit: String, date: String) -> Self {
        Self {
            machine,
            commit,
            date,
            values: Vec::new(),
        }
    }

    /// One more figure; a name has one value.
    pub(super) fn add(&mut self, name: impl Into<String>, value: f64) {
        self.values.push((name.into(), value));
    }

    /// Those that something is promised of, with what it is.
    pub(super) fn markdown(&self) -> String {
        let mut text = "| figure | | aim | |\n|---|---|---|---|\n".to_owned();
        for (name, aim, meaning) in AIMS {
            let found = self.values.iter().find(|(found, _)| found == name);
            let Some((_, value)) = found else {
                continue;
            };
            let mark = if aim.is_met(*value) { "" } else { "✗ " };
            let (value, aim) = (short(*value), aim.text());
            let _ = writeln!(text, "| `{name}` | {mark}{value} | {aim} | {meaning} |");
        }
        text
    }

    /// All of them.
    pub(super) fn json(&self) -> Result<String> {
        let of_run = [
            ("machine", &self.machine),
            ("commit", &self.commit),
            ("date", &self.date),
        ];
        let of_run = of_run.map(|(name, text)| (name.to_owned(), text.as_str().into()));
        let values = self.values.iter();
        let values = values.map(|(name, value)| (name.clone(), rounded(*value)));
        let all: Map<String, Value> = of_run.into_iter().chain(values).collect();
        Ok(serde_json::to_string_pretty(&all)? + "\n")
    }
}

/// To four places; JSON knows neither infinities nor what is no number.
fn rounded(value: f64) -> Value {
    ((value * 10_000.0).round() / 10_000.0).into()
}

fn short(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figures() -> Figures {
        let mut figures =
            Figures::new("A 1, 2 cores".into(), "abc1234".into(), "2026-11-22".into());
        figures.add("search_http_ratio", 0.412_34);
        figures.add("import_rows_per_s", 123_456.7);
        figures.add("search_http_ratio_100k", 0.5);
        figures.add("morning_event_p99_ms", f64::INFINITY);
        figures
    }

    #[test]
    fn programs_read_one_object() {
        let expected = json!({
            "machine": "A 1, 2 cores",
            "commit": "abc1234",
            "date": "2026-11-22",
            "search_http_ratio": 0.4123,
            "import_rows_per_s": 123_456.7,
            "search_http_ratio_100k": 0.5,
            "morning_event_p99_ms": null,
        });
        let found: Value = serde_json::from_str(&figures().json().unwrap()).unwrap();
        assert_eq!(found, expected);
    }

    #[test]
    fn people_see_what_misses_its_aim_and_nothing_that_was_not_measured() {
        let text = figures().markdown();
        assert!(
            text.contains("| `search_http_ratio` | ✗ 0.41 | ≥ 0.5 |"),
            "{text}"
        );
        assert!(
            text.contains("| `import_rows_per_s` | 123457 | ≥ 100000 |"),
            "{text}"
        );
        assert!(
            text.contains("| `morning_event_p99_ms` | ✗ inf |"),
            "{text}"
        );
        assert!(
            !text.contains("postgres_ratio") && !text.contains("100k"),
            "{text}"
        );
    }
}
