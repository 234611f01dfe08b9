//! A note: what was typed, and what came of it.

use domain::eligibility::Judgement;
use domain::search::SearchForm;
use protocol::http::{Candidate, Eligibility, SearchOutcome};
use serde::{Deserialize, Serialize};

/// How far a note has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// 未照会.
    Unasked,
    /// 確認済.
    Confirmed,
    /// 複数該当: somebody has to choose.
    Several,
    /// 該当なし.
    NotFound,
    /// 条件不足: something is missing or can't be read, or it fits too many.
    Insufficient,
}

impl State {
    /// All, in the order of how they are counted.
    pub(crate) const ALL: [Self; 5] = [
        Self::Unasked,
        Self::Confirmed,
        Self::Several,
        Self::NotFound,
        Self::Insufficient,
    ];

    /// The word for it. 照会中 is none: it lasts only as long as a request.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Unasked => "未照会",
            Self::Confirmed => "確認済",
            Self::Several => "複数該当",
            Self::NotFound => "該当なし",
            Self::Insufficient => "条件不足",
        }
    }

    /// The class of its sign.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Unasked => "note-state",
            Self::Confirmed => "note-state note-state--done",
            Self::Several | Self::NotFound | Self::Insufficient => "note-state note-state--open",
        }
    }
}

/// What a search says of a note, where nobody is found by it yet.
pub(crate) const fn state_of(outcome: &SearchOutcome) -> State {
    match outcome {
        SearchOutcome::NotFound => State::NotFound,
        SearchOutcome::One(_) => State::Confirmed,
        SearchOutcome::Several(_) => State::Several,
        SearchOutcome::TooMany { .. } => State::Insufficient,
    }
}

/// What was typed: encrypted as one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The conditions of the later search.
    pub(crate) form: SearchForm,
    /// 備考.
    pub(crate) remark: String,
}

/// What claims need of the person who was found: encrypted as one. Less than 資格情報確認 shows,
/// because it is kept longer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) birthdate: String,
    pub(crate) validity: String,
    pub(crate) insurer_name: String,
    pub(crate) insurer_number: String,
    pub(crate) symbol: String,
    pub(crate) number: String,
    pub(crate) branch: String,
    /// 住所, by which the same person is found again among several.
    pub(crate) address: Option<String>,
    /// When, by the terminal's clock, in milliseconds since 1970.
    pub(crate) at: i64,
}

impl Found {
    /// Of the coverage that would be shown first. `None` without any.
    pub(crate) fn of(eligibility: &Eligibility, at: i64) -> Option<Self> {
        let judgement: &Judgement = &eligibility.judgement;
        let coverage = judgement.listed().unwrap_or_default();
        let coverage = eligibility.coverages.get(coverage)?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Some(Self {
            name: coverage.name.clone(),
            birthdate: coverage.birthdate.slashed(),
            validity: judgement.qualification_validity.label().to_owned(),
            insurer_name: coverage.insurer_name.clone(),
            insurer_number: coverage.insurer_number.to_string(),
            symbol: text(&coverage.insured_card_symbol),
            number: text(&coverage.insured_identification_number),
            branch: text(&coverage.insured_branch_number),
            address: coverage.address.clone(),
            at,
        })
    }

    /// Whether this is the person of a line to choose from.
    pub(crate) fn is(&self, candidate: &Candidate) -> bool {
        self.name == candidate.name
            && self.birthdate == candidate.birthdate.slashed()
            && self.insurer_name == candidate.insurer_name
            && self.address == candidate.address
    }

    /// 記号・番号・枝番 as on a card.
    pub(crate) fn card(&self) -> String {
        let parts = [&self.symbol, &self.number, &self.branch].map(String::as_str);
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("・")
    }
}

/// As it is stored. What can be read without the key tells nothing of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Random.
    pub(crate) id: String,
    /// Which institution's key opens it.
    pub(crate) key: String,
    /// Grows with each change: one that was made from an older one is refused.
    pub(crate) revision: u32,
    /// By the terminal's clock, in milliseconds since 1970: only to be shown.
    pub(crate) written_at: i64,
    /// By the service's clock: when it was first reached after the note was written.
    pub(crate) met_at: Option<i64>,
    pub(crate) state: State,
    /// [`Note`], sealed.
    pub(crate) note: String,
    /// [`Found`], sealed.
    pub(crate) found: Option<String>,
}

impl Entry {
    /// The next revision, with another state.
    pub(crate) fn ended(&self, state: State, found: Option<String>) -> Self {
        Self {
            revision: self.revision + 1,
            state,
            found,
            ..self.clone()
        }
    }

    /// The next revision, with another text: to be asked about again.
    pub(crate) fn corrected(&self, note: String) -> Self {
        Self {
            revision: self.revision + 1,
            state: State::Unasked,
            note,
            found: None,
            ..self.clone()
        }
    }

    /// Whether its time is over. Counted from when the service was first reached: a terminal's
    /// clock can neither end it early nor keep it, and until then nobody can read it.
    pub(crate) fn is_over(&self, keep_hours: u32, service_now: i64) -> bool {
        const HOUR: i64 = 3_600_000;
        self.met_at
            .is_some_and(|met_at| service_now - met_at >= i64::from(keep_hours) * HOUR)
    }
}

/// How many there are of each.
pub(crate) fn counts(entries: impl Iterator<Item = State>) -> [(State, usize); 5] {
    let mut counts = State::ALL.map(|state| (state, 0));
    for state in entries {
        for count in &mut counts {
            count.1 += usize::from(count.0 == state);
        }
    }
    counts
}

#[cfg(test)]
pub(super) mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    pub(crate) fn entry(id: &str, state: State) -> Entry {
        Entry {
            id: id.to_owned(),
            key: "key".to_owned(),
            revision: 1,
            written_at: 0,
            met_at: None,
            state,
            note: "sealed".to_owned(),
            found: Some("sealed".to_owned()),
        }
    }

    #[wasm_bindgen_test]
    fn time_is_counted_by_the_service_from_its_first_contact() {
        const HOUR: i64 = 3_600_000;
        let table = [
            // (met_at, service now, is over after 72 hours)
            (None, i64::MAX, false),
            (Some(1_000), 1_000, false),
            (Some(1_000), 1_000 + 72 * HOUR - 1, false),
            (Some(1_000), 1_000 + 72 * HOUR, true),
            // The service's clock was set back.
            (Some(100 * HOUR), 0, false),
        ];
        for (met_at, now, expected) in table {
            let entry = Entry {
                // The terminal believes it is 1970, or the year 3000.
                written_at: 32_503_680_000_000,
                met_at,
                ..entry("a", State::Unasked)
            };
            assert_eq!(entry.is_over(72, now), expected, "{met_at:?} {now}");
        }
    }

    #[wasm_bindgen_test]
    fn a_correction_takes_the_old_outcome_away() {
        let asked = entry("a", State::Several);
        let corrected = asked.corrected("other".to_owned());
        assert_eq!(corrected.state, State::Unasked);
        assert_eq!(corrected.found, None);
        assert_eq!(corrected.revision, 2);
        let ended = corrected.ended(State::Confirmed, Some("found".to_owned()));
        assert_eq!((ended.revision, ended.state), (3, State::Confirmed));
        assert_eq!(ended.note, "other");
    }

    #[wasm_bindgen_test]
    fn every_outcome_is_a_state() {
        let table = [
            (SearchOutcome::NotFound, State::NotFound),
            (
                SearchOutcome::One("A".repeat(80).parse().unwrap()),
                State::Confirmed,
            ),
            (SearchOutcome::Several(Vec::new()), State::Several),
            (
                SearchOutcome::TooMany {
                    narrow_by: Vec::new(),
                },
                State::Insufficient,
            ),
        ];
        for (outcome, state) in table {
            assert_eq!(state_of(&outcome), state);
        }
    }

    #[wasm_bindgen_test]
    fn states_are_counted() {
        let states = [State::Unasked, State::NotFound, State::Unasked];
        let counts = counts(states.into_iter()).map(|(_, count)| count);
        assert_eq!(counts, [2, 0, 0, 1, 0]);
    }
}
