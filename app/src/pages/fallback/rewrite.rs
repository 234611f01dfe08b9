//! 「この案内を書き換える」.

use domain::claim_guidance::{GuidanceText, MOST_CHARACTERS, length};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{ClaimGuidance, ClaimGuidanceToSave, ProblemCode};

use super::guidance::{Guidance, words};
use super::words::Words;
use crate::api::{self, Error};
use crate::components::dialog::Confirm;
use crate::components::field::TextArea;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::{ProblemNotice, refused};
use crate::components::toast::Toast;
use crate::dom;
use crate::task::Task;
use crate::text::moment;

const FIELD: &str = "claim-guidance";
const PROBLEM: &str = "claim-guidance-problem";
/// The field's name on the wire.
const TEXT: &str = "text";

/// What is asked before something is lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// 「標準の案内に戻す」: the institution's words.
    Standard,
    /// 「やめる」: what was typed.
    Discard,
}

/// What is being written.
#[derive(Clone, Copy)]
struct Draft {
    guidance: Guidance,
    typed: RwSignal<String>,
    /// What it is made from.
    from: RwSignal<ClaimGuidance>,
    wrong: RwSignal<Option<String>>,
    failure: RwSignal<Option<Error>>,
    /// What somebody else has kept meanwhile.
    elsewhere: RwSignal<Option<ClaimGuidance>>,
    question: RwSignal<Option<Question>>,
    saving: Task,
    toast: Toast,
}

impl Draft {
    fn new(guidance: Guidance, from: ClaimGuidance) -> Self {
        Self {
            guidance,
            typed: RwSignal::new(words(&from).to_owned()),
            from: RwSignal::new(from),
            wrong: RwSignal::new(None),
            failure: RwSignal::new(None),
            elsewhere: RwSignal::new(None),
            question: RwSignal::new(None),
            saving: Task::new(),
            toast: Toast::expect(),
        }
    }

    fn enter(self, text: String) {
        self.wrong.set(None);
        self.typed.set(text);
    }

    /// 「保存」. Without words it is the standard that is wanted, which is asked for.
    fn submit(self) {
        match self
            .typed
            .with_untracked(|typed| GuidanceText::parse(typed))
        {
            Err(problem) => self.refuse(problem.to_string()),
            Ok(None) if self.has_own() => self.question.set(Some(Question::Standard)),
            Ok(_) => self.save(self.typed.get_untracked()),
        }
    }

    fn has_own(self) -> bool {
        self.from.with_untracked(|from| from.text.is_some())
    }

    fn save(self, text: String) {
        self.failure.set(None);
        let version = self.from.with_untracked(|from| from.version);
        self.saving.run(async move {
            let wanted = ClaimGuidanceToSave { text, version };
            let session = self.guidance.session;
            match session.call(api::claims::save_guidance(&wanted)).await {
                Some(Ok(kept)) => {
                    self.toast.say("案内を保存しました");
                    self.guidance.take(kept);
                }
                Some(Err(error)) if error.code() == Some(ProblemCode::ClaimGuidanceChanged) => {
                    match session.call(api::claims::guidance()).await {
                        Some(Ok(kept)) => {
                            self.elsewhere.try_set(Some(kept));
                        }
                        Some(Err(error)) => self.fail(error),
                        None => {}
                    }
                }
                Some(Err(error)) => match refused(&error, &[TEXT]).into_iter().next() {
                    Some((_, words)) => self.refuse(words),
                    None => self.fail(error),
                },
                None => {}
            }
        });
    }

    fn refuse(self, words: String) {
        self.wrong.try_set(Some(words));
        dom::focus_soon(FIELD);
    }

    fn fail(self, error: Error) {
        self.failure.try_set(Some(error));
        dom::focus_soon(PROBLEM);
    }

    /// Goes on from what somebody else has kept, with what was typed here or without it.
    fn go_on_from(self, kept: ClaimGuidance, with_typed: bool) {
        self.elsewhere.set(None);
        if !with_typed {
            self.enter(words(&kept).to_owned());
        }
        self.from.set(kept);
        if with_typed {
            self.submit();
        } else {
            dom::focus_soon(FIELD);
        }
    }

    /// 「やめる」.
    fn leave(self) {
        let typed = self.typed.get_untracked();
        if self.from.with_untracked(|from| typed == words(from)) {
            self.guidance.leave();
        } else {
            self.question.set(Some(Question::Discard));
        }
    }
}

/// The words in a field, with what keeps them.
#[component]
pub(super) fn Rewrite(guidance: Guidance, kept: ClaimGuidance) -> impl IntoView {
    let draft = Draft::new(guidance, kept);
    let has_own = move || draft.from.with(|from| from.text.is_some());
    let is_saving = move || draft.saving.is_running();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        draft.submit();
    };
    dom::focus_soon(FIELD);
    view! {
        <form class="accounts__form fallback__form" method="post" autocomplete="off" novalidate=true on:submit=submit>
            <TextArea
                id=FIELD
                label="「不詳」で請求するときの案内"
                hint="この医療機関の全員に表示されます"
                value=draft.typed
                error=draft.wrong
                on_input=Callback::new(move |text| draft.enter(text))
            />
            <Counter draft />
            <div role="alert">
                {move || draft.failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
                {move || draft.elsewhere.get().map(|kept| view! { <Elsewhere draft kept /> })}
            </div>
            <div class="desk__actions">
                <button type="submit" class="button button--solid" id="save-guidance" disabled=is_saving>
                    "保存"
                </button>
                <Show when=has_own>
                    <button
                        type="button"
                        class="button button--outline"
                        id="standard-guidance"
                        disabled=is_saving
                        on:click=move |_| draft.question.set(Some(Question::Standard))
                    >
                        "標準の案内に戻す"
                    </button>
                </Show>
                <button type="button" class="button button--text" id="leave-guidance" on:click=move |_| draft.leave()>
                    "やめる"
                </button>
            </div>
        </form>
        <Asked draft />
    }
}

/// How many characters there are. Screen readers have the limit in the field's error.
#[component]
fn Counter(draft: Draft) -> impl IntoView {
    let words = move || {
        let count = draft.typed.with(|typed| length(typed));
        format!("{count}／{MOST_CHARACTERS}文字")
    };
    view! { <p class="desk__hint fallback__count" id="guidance-count" aria-live="off">{words}</p> }
}

/// Somebody else was faster: what he has kept, and which of both stays.
#[component]
fn Elsewhere(draft: Draft, kept: ClaimGuidance) -> impl IntoView {
    let who = kept.changed.as_ref().map_or_else(String::new, |changed| {
        [
            changed.by.as_str(),
            "が",
            &moment(changed.at),
            "に変更しました。",
        ]
        .concat()
    });
    let text = words(&kept).to_owned();
    let theirs = kept.clone();
    view! {
        <Notice tone=Tone::Attention title="この案内は、別の画面で変更されています">
            <p>{who}"この画面の変更はまだ保存していません。どちらを残すか選んでください。"</p>
            <Words text />
            <div class="notice__actions">
                <button
                    type="button"
                    class="button button--outline"
                    on:click=move |_| draft.go_on_from(theirs.clone(), false)
                >
                    "保存されている案内を読み込む"
                </button>
                <button
                    type="button"
                    class="button button--outline"
                    on:click=move |_| draft.go_on_from(kept.clone(), true)
                >
                    "この画面の案内を保存する"
                </button>
            </div>
        </Notice>
    }
}

/// The question, if there is one.
#[component]
fn Asked(draft: Draft) -> impl IntoView {
    let on_no = Callback::new(move |()| {
        draft.question.try_set(None);
    });
    move || {
        draft.question.get().map(|question| {
            let (question, text, yes, on_yes) = match question {
                Question::Standard => (
                    "標準の案内に戻しますか？",
                    "この医療機関で書き換えた案内は、なくなります。",
                    "標準に戻す",
                    Callback::new(move |()| draft.save(String::new())),
                ),
                Question::Discard => (
                    "書きかけの案内を破棄しますか？",
                    "保存していない変更は、なくなります。",
                    "破棄する",
                    Callback::new(move |()| draft.guidance.leave()),
                ),
            };
            view! { <Confirm question text yes on_yes on_no /> }
        })
    }
}
