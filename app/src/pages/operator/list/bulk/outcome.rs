//! What became of one step of many.

use leptos::prelude::*;
use protocol::http::{BulkOutcome, BulkRefusal};

use crate::api::Error;
use crate::components::copy::CopyButton;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::words;

/// The notice's id.
pub(super) const ID: &str = "bulk-outcome";
/// The most refusals on the page; all of them can be copied.
const MOST_SHOWN: usize = 20;

/// For how many it was done so far, and for which not.
#[derive(Clone)]
pub(super) struct Outcome {
    label: &'static str,
    wanted: usize,
    done: usize,
    refused: Vec<BulkRefusal>,
    pub(super) failure: Option<Error>,
}

impl Outcome {
    pub(super) const fn new(label: &'static str, wanted: usize) -> Self {
        Self {
            label,
            wanted,
            done: 0,
            refused: Vec::new(),
            failure: None,
        }
    }

    pub(super) fn answered(&mut self, answer: BulkOutcome) {
        self.done += usize::try_from(answer.done).unwrap_or(usize::MAX);
        self.refused.extend(answer.refused);
    }

    /// How many are done with, one way or the other.
    pub(super) const fn asked(&self) -> usize {
        self.done + self.refused.len()
    }

    fn title(&self) -> String {
        let done = self.done.to_string();
        let mut title = ["「", self.label, "」を", &done, "件に行いました"].concat();
        if !self.refused.is_empty() {
            let refused = self.refused.len().to_string();
            title.extend(["。", &refused, "件には行えませんでした"]);
        }
        title
    }

    /// A line for each, with a tab between name and reason, as spreadsheets take it.
    fn copied(&self) -> String {
        let mut text = [&self.title(), "\n"].concat();
        for refused in &self.refused {
            text.extend([name(refused), "\t", &refused.message, "\n"]);
        }
        text
    }
}

fn name(refused: &BulkRefusal) -> &str {
    if refused.institution_name.is_empty() {
        "（申請が見つかりません）"
    } else {
        &refused.institution_name
    }
}

/// How many, and for which not and why.
#[component]
pub(super) fn OutcomeNotice(outcome: Outcome) -> impl IntoView {
    let tone = match (&outcome.failure, outcome.refused.is_empty()) {
        (Some(_), _) => Tone::Error,
        (None, false) => Tone::Attention,
        (None, true) => Tone::Information,
    };
    let failure = outcome.failure.as_ref().map(|error| {
        let (title, detail) = words(error);
        let left = outcome.wanted.saturating_sub(outcome.asked());
        view! {
            <p>{title}"。"{detail}</p>
            <p>
                "残りの"{left}
                "件は、行われたかどうかを一覧で確かめてください。選択はそのままです。もう一度行っても、済んだものに二重に行われることはありません（延長を除く）。"
            </p>
        }
    });
    let refused = outcome.refused.iter().take(MOST_SHOWN).map(|refused| {
        view! { <li>{name(refused).to_owned()}"："{refused.message.clone()}</li> }
    });
    let refused = refused.collect_view();
    let more = outcome.refused.len().saturating_sub(MOST_SHOWN);
    let more = (more > 0)
        .then(|| view! { <p>"ほかに"{more}"件あります。コピーにはすべて含まれます。"</p> });
    let title = outcome.title();
    let has_refused = !outcome.refused.is_empty();
    let text = Callback::new(move |()| outcome.copied());
    view! {
        <Notice tone title id=ID>
            {failure}
            <ul>{refused}</ul>
            {more}
            {has_refused.then(|| view! { <CopyButton label="結果をコピー" text /> })}
        </Notice>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_was_not_done_is_told_with_its_reason() {
        let mut outcome = Outcome::new("開放する", 3);
        let refused = |name: &str, message: &str| BulkRefusal {
            id: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
            institution_name: name.to_owned(),
            message: message.to_owned(),
        };
        outcome.answered(BulkOutcome {
            done: 1,
            refused: vec![refused("架空内科", "理由")],
        });
        assert_eq!(outcome.asked(), 2);
        outcome.answered(BulkOutcome {
            done: 0,
            refused: vec![refused("", "ありません")],
        });
        assert_eq!(outcome.asked(), 3);
        assert_eq!(
            outcome.copied(),
            "「開放する」を1件に行いました。2件には行えませんでした\n架空内科\t理由\n（申請が見つかりません）\tありません\n"
        );
    }
}
