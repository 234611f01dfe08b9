//! Something to know before going on.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// What kind of news it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Good to know.
    Information,
    /// Needs a look.
    Attention,
    /// Did not work.
    Error,
}

impl Tone {
    const fn parts(self) -> (&'static str, &'static str, Icon) {
        match self {
            Self::Information => ("notice notice--information", "お知らせ", Icon::Information),
            Self::Attention => ("notice notice--attention", "注意", Icon::Attention),
            Self::Error => ("notice notice--error", "エラー", Icon::No),
        }
    }
}

/// A box with a title, and what there is to say under it.
#[component]
pub(crate) fn Notice(
    tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional)] id: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (class, kind, icon) = tone.parts();
    view! {
        <div class=class id=(!id.is_empty()).then_some(id) tabindex="-1">
            <Sign icon />
            <div class="notice__body">
                <p class="notice__title">
                    <span class="visually-hidden">{kind}"："</span>
                    {title}
                </p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
