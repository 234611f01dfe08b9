//! 日本語 first, and English for who chooses it.

use leptos::prelude::*;

use super::words::{Stretch, Words, stretches};

/// The language that patients read now.
#[derive(Clone, Copy)]
pub(super) struct Language {
    is_english: RwSignal<bool>,
}

impl Language {
    pub(super) fn provide() -> Self {
        let language = Self {
            is_english: RwSignal::new(false),
        };
        provide_context(language);
        language
    }

    pub(super) fn expect() -> Self {
        expect_context()
    }

    /// A text without its furigana: the name of a button. Browsers put a space between a
    /// word with furigana and what follows it.
    pub(super) fn plain(self, words: Words) -> String {
        if self.is_english() {
            return words.en.to_owned();
        }
        let text = |stretch| match stretch {
            Stretch::Plain(text) | Stretch::Ruby(text, _) => text,
        };
        stretches(words.ja).map(text).collect()
    }

    pub(super) fn is_english(self) -> bool {
        self.is_english.get()
    }

    /// As the next patient finds it.
    pub(super) fn back_to_japanese(self) {
        if self.is_english.get_untracked() {
            self.is_english.set(false);
        }
    }
}

/// A text in the language that was chosen.
#[component]
pub(super) fn Say(words: Words) -> impl IntoView {
    let language = Language::expect();
    move || {
        if language.is_english() {
            view! { <span lang="en">{words.en}</span> }.into_any()
        } else {
            ruby(words.ja).into_any()
        }
    }
}

/// With furigana, which are drawn by the style sheet and hidden from assistive technology: so
/// they are seen above the kanji and are neither read out twice nor part of a button's name.
fn ruby(text: &'static str) -> impl IntoView {
    let stretch = |stretch| match stretch {
        Stretch::Plain(text) => text.into_any(),
        Stretch::Ruby(kanji, kana) => {
            view! { <ruby>{kanji}<rt data-kana=kana aria-hidden="true"></rt></ruby> }.into_any()
        }
    };
    stretches(text).map(stretch).collect_view()
}

/// The switch.
#[component]
pub(super) fn LanguageSwitch() -> impl IntoView {
    let language = Language::expect();
    view! {
        <button
            type="button"
            class="button button--outline reader__language"
            on:click=move |_| language.is_english.update(|is_english| *is_english = !*is_english)
        >
            {move || if language.is_english() {
                view! { <span lang="ja">"日本語"</span> }.into_any()
            } else {
                view! { <span lang="en">"English"</span> }.into_any()
            }}
        </button>
    }
}
