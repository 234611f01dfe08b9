//! A note of 控え that is being typed: outlives its page, and is kept as a search's conditions are.

use leptos::prelude::*;

use crate::session::{Session, State, Typed};

/// Stands between the search's text and the draft's; in neither, because both are JSON.
const BETWEEN: char = '\u{1e}';

/// The draft as text, if there is one.
#[derive(Clone, Copy)]
pub(crate) struct Draft(RwSignal<Option<String>>);

impl Draft {
    pub(crate) fn provide() -> Self {
        let draft = Self(RwSignal::new(None));
        provide_context(draft);
        draft
    }

    pub(crate) fn expect() -> Self {
        expect_context()
    }

    pub(crate) fn get_untracked(self) -> Option<String> {
        self.0.get_untracked()
    }

    pub(crate) fn set(self, text: Option<String>) {
        self.0.set(text);
    }

    /// Somebody else may be next.
    pub(crate) fn forget(self) {
        self.0.set(None);
    }

    /// The search's text and the draft's as one.
    pub(crate) fn with(self, search: Typed, session: Session) -> Typed {
        Typed {
            copy: Callback::new(move |()| {
                let searched = search.copy.run(());
                match self.get_untracked() {
                    Some(draft) => Some(joined(&searched.unwrap_or_default(), &draft)),
                    None => searched,
                }
            }),
            take: Callback::new(move |()| {
                let searched = search.take.run(());
                // What was typed while nobody was logged in has no key that could keep it.
                let is_owned = matches!(session.state_untracked(), State::LoggedIn(_));
                match self.get_untracked().filter(|_| is_owned) {
                    Some(draft) => {
                        self.forget();
                        joined(&searched, &draft)
                    }
                    None => searched,
                }
            }),
            give_back: Callback::new(move |text: String| {
                let (searched, draft) = text.split_once(BETWEEN).unwrap_or((&text, ""));
                search.give_back.run(searched.to_owned());
                if !draft.is_empty() {
                    self.set(Some(draft.to_owned()));
                }
            }),
        }
    }
}

fn joined(searched: &str, draft: &str) -> String {
    [searched, draft].join(BETWEEN.encode_utf8(&mut [0; 4]))
}
