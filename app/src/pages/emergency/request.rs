//! 「利用申請」, for administrators.

use domain::opening::{Cause, ContactName};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::OpeningRequest;

use super::Function;
use crate::api::{self, Error};
use crate::components::dialog::Confirm;
use crate::components::field::{Choice, TextArea, TextField};
use crate::components::live;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::{ProblemNotice, refused};
use crate::components::toast::Toast;
use crate::dom;
use crate::task::Task;

/// The id of the first field.
pub(super) const CONTACT: &str = "contact";
const CAUSE: &str = "cause";
const REMARK: &str = "remark";
const PROBLEM: &str = "request-problem";
const FIELDS: [&str; 3] = [CONTACT, CAUSE, REMARK];

/// The form; to staff it says whom to ask.
#[component]
pub(super) fn RequestForm(function: Function) -> impl IntoView {
    let content = move || {
        if function.is_administrator.get() {
            view! { <Form function /> }.into_any()
        } else {
            view! {
                <Notice tone=Tone::Information title="利用申請は、管理者が行います">
                    <p>"管理者のアカウントでログインして、この画面から申請してください。電話でも申請できます。"</p>
                </Notice>
            }
            .into_any()
        }
    };
    view! {
        <section class="account__section" aria-labelledby="request-title">
            <h2 class="account__title" id="request-title">"利用申請"</h2>
            {content}
        </section>
    }
}

#[component]
fn Form(function: Function) -> impl IntoView {
    let toast = Toast::expect();
    let task = Task::new();
    let typed = FIELDS.map(|_| RwSignal::new(String::new()));
    let [contact, cause, remark] = typed;
    let wrong = RwSignal::new(Vec::<(String, String)>::new());
    let failure = RwSignal::new(None::<Error>);
    let asked = RwSignal::new(false);
    let error = move |field: &'static str| {
        Signal::derive(move || wrong.with(|wrong| text_of(wrong, field)))
    };
    let enter = move |field: &'static str, value: RwSignal<String>| {
        Callback::new(move |text| {
            wrong.update(|wrong| wrong.retain(|(code, _)| code != field));
            value.set(text);
        })
    };
    let show = move |found: Vec<(String, String)>| {
        let first = FIELDS
            .into_iter()
            .find(|field| text_of(&found, field).is_some());
        wrong.set(found);
        if let Some(first) = first {
            dom::focus_soon(first);
        }
    };
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let found = check(&contact.get_untracked(), &cause.get_untracked());
        if found.is_empty() {
            asked.set(true);
        }
        show(found);
    };
    let send = Callback::new(move |()| {
        let request = OpeningRequest {
            contact: contact.get_untracked(),
            cause: cause.get_untracked(),
            remark: remark.get_untracked(),
        };
        task.run(async move {
            match function.session.call(api::opening::request(&request)).await {
                Some(Ok(state)) => {
                    live::take(function.feed, state);
                    toast.say("利用申請を送信しました");
                    dom::focus_soon("heading");
                }
                Some(Err(error)) => {
                    let found = refused(&error, &FIELDS);
                    if found.is_empty() {
                        failure.try_set(Some(error));
                        dom::focus_soon(PROBLEM);
                    } else {
                        show(found);
                    }
                }
                None => {}
            }
        });
    });
    let institution = move || {
        function.session.info().map(|info| {
            view! {
                <dl class="desk__facts">
                    <div><dt>"医療機関コード"</dt><dd>{info.medical_institution_code.as_str().to_owned()}</dd></div>
                    <div><dt>"医療機関・薬局名"</dt><dd>{info.institution_name}</dd></div>
                </dl>
            }
        })
    };
    view! {
        <p class="account__text">
            "電話の代わりに、この画面から申請できます。申請のあと、保険医療機関届に記載されている電話番号へ、コールセンターから電話があります。"
        </p>
        {institution}
        <div role="alert">
            {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </div>
        <form class="accounts__form opening__form" method="post" autocomplete="off" novalidate=true on:submit=ask>
            <TextField
                id=CONTACT
                label="担当者名"
                required=true
                hint="電話を受ける方の氏名"
                value=contact
                error=error(CONTACT)
                on_input=enter(CONTACT, contact)
            />
            <Choice
                id=CAUSE
                label="システム障害等の原因"
                options=Cause::ALL.map(|cause| (cause.code(), cause.label()))
                value=cause
                error=error(CAUSE)
                on_choose=enter(CAUSE, cause)
            />
            <TextArea
                id=REMARK
                label="補足"
                hint="400文字以内。患者の情報は入力しないでください"
                value=remark
                error=error(REMARK)
                on_input=enter(REMARK, remark)
            />
            <button
                type="submit"
                class="button button--solid"
                id="request"
                disabled=move || task.is_running()
            >
                "利用申請"
            </button>
        </form>
        {move || asked.get().then(|| view! {
            <Confirm
                question="「緊急時医療情報・資格確認機能」の利用を申請しますか"
                text="コールセンターから、保険医療機関届に記載されている電話番号へ電話があります。利用が終わったら、利用報告書の提出が必要です。"
                yes="利用申請"
                on_yes=send
                on_no=Callback::new(move |()| asked.set(false))
            />
        })}
    }
}

fn text_of(wrong: &[(String, String)], field: &str) -> Option<String> {
    let found = wrong.iter().find(|(code, _)| code == field);
    found.map(|(_, text)| text.clone())
}

/// What is wrong with what was entered, by field.
fn check(contact: &str, cause: &str) -> Vec<(String, String)> {
    let contact = contact
        .parse::<ContactName>()
        .err()
        .map(|error| error.to_string());
    let cause = cause.parse::<Cause>().err().map(|error| error.to_string());
    let both = [(CONTACT, contact), (CAUSE, cause)].into_iter();
    both.filter_map(|(field, error)| Some((field.to_owned(), error?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_missing_is_told_at_its_field() {
        let table: [(&str, &str, &[&str]); 4] = [
            ("", "", &[CONTACT, CAUSE]),
            ("資格　花子", "", &[CAUSE]),
            (" 　", "line", &[CONTACT]),
            ("資格　花子", "line", &[]),
        ];
        for (contact, cause, expected) in table {
            let wrong = check(contact, cause);
            let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
            assert_eq!(fields, expected, "{contact} {cause}");
        }
    }
}
