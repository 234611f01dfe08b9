//! 請求の案内: the institution's own words or the standard, and who may change them.

use std::time::Duration;

use domain::account::Role;
use domain::claim_guidance::{GuidanceText, STANDARD};
use leptos::prelude::*;
use protocol::http;

use super::rewrite::Rewrite;
use super::words::Words;
use crate::api::{self, Error};
use crate::dom;
use crate::session::Session;
use crate::task::{Task, within};
use crate::text::moment;

/// The button that begins to change it.
const REWRITE: &str = "rewrite-guidance";
/// The words and what stands around them.
const SHOWN: &str = "claim-guidance-shown";
/// How long the institution's words are waited for, before the standard is shown: who reads this
/// has a patient in front of him.
const PATIENCE: Duration = Duration::from_secs(4);

/// What the service says, and whether it is being changed.
#[derive(Clone, Copy)]
pub(super) struct Guidance {
    pub(super) session: Session,
    /// `None` until it was answered.
    kept: RwSignal<Option<Result<http::ClaimGuidance, Error>>>,
    is_rewritten: RwSignal<bool>,
    reading: Task,
}

impl Guidance {
    fn read() -> Self {
        let guidance = Self {
            session: Session::expect(),
            kept: RwSignal::new(None),
            is_rewritten: RwSignal::new(false),
            reading: Task::new(),
        };
        guidance.reading.run(guidance.ask());
        guidance
    }

    async fn ask(self) {
        let asking = self.session.call(api::claims::guidance());
        let answer = within(PATIENCE, asking).await;
        if let Some(answer) = answer.unwrap_or(Some(Err(Error::Network))) {
            self.kept.try_set(Some(answer));
        }
    }

    fn read_again(self) {
        self.reading.run(async move {
            self.ask().await;
            dom::focus_soon(SHOWN);
        });
    }

    /// Shows what is kept now.
    pub(super) fn take(self, kept: http::ClaimGuidance) {
        self.kept.set(Some(Ok(kept)));
        self.leave();
    }

    /// Shows what is kept, and nothing to change it with.
    pub(super) fn leave(self) {
        self.is_rewritten.set(false);
        dom::focus_soon(REWRITE);
    }
}

/// The words that hold.
pub(super) fn words(kept: &http::ClaimGuidance) -> &str {
    kept.text.as_ref().map_or(STANDARD, GuidanceText::as_str)
}

/// The words, and for administrators what changes them.
#[component]
pub(super) fn ClaimGuidance() -> impl IntoView {
    let guidance = Guidance::read();
    let shown = move || match guidance.kept.get() {
        None => view! { <p class="desk__hint">"案内を読み込んでいます…"</p> }.into_any(),
        Some(Err(_)) => view! { <Unread guidance /> }.into_any(),
        Some(Ok(kept)) if guidance.is_rewritten.get() => {
            view! { <Rewrite guidance kept /> }.into_any()
        }
        Some(Ok(kept)) => view! { <Shown guidance kept /> }.into_any(),
    };
    view! { <div class="fallback__guidance" id=SHOWN tabindex="-1">{shown}</div> }
}

/// The standard, because the institution's own words can't be had.
#[component]
fn Unread(guidance: Guidance) -> impl IntoView {
    view! {
        <p class="desk__hint">"標準の案内（この医療機関の案内を読み込めませんでした）"</p>
        <Words text=STANDARD.to_owned() />
        <button
            type="button"
            class="button button--outline button--small"
            id="read-guidance-again"
            on:click=move |_| guidance.read_again()
        >
            "もう一度読み込む"
        </button>
    }
}

#[component]
fn Shown(guidance: Guidance, kept: http::ClaimGuidance) -> impl IntoView {
    let whose = match &kept {
        http::ClaimGuidance {
            text: Some(_),
            changed: Some(changed),
            ..
        } => ["この医療機関で書き換えた案内（", &moment(changed.at), "）"].concat(),
        _ => "標準の案内".to_owned(),
    };
    let may_change = move || guidance.session.allows(Role::may_manage_accounts);
    view! {
        <p class="desk__hint" id="whose-guidance">{whose}</p>
        <Words text=words(&kept).to_owned() />
        <Show when=may_change>
            <button
                type="button"
                class="button button--outline button--small"
                id=REWRITE
                on:click=move |_| guidance.is_rewritten.set(true)
            >
                "この案内を書き換える"
            </button>
        </Show>
    }
}
