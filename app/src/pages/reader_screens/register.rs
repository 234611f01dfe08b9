//! The form that makes a code for a new screen.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::ReaderScreenToRegister;

use super::Desk;
use crate::api::{self, Error};
use crate::components::field::{Kind, TextField};
use crate::dom;
use crate::task::Task;

const NAME: &str = "screen-name";
/// As the service takes it.
const MOST_CHARACTERS: usize = 40;

/// What staff will call it.
#[component]
pub(super) fn RegisterForm(desk: Desk) -> impl IntoView {
    let task = Task::new();
    let name = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let refuse = move |text: String| {
        wrong.try_set(Some(text));
        dom::focus_soon(NAME);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        desk.failure.set(None);
        let typed = name.get_untracked().trim().to_owned();
        if let Some(text) = wrong_with(&typed) {
            return refuse(text.to_owned());
        }
        task.run(async move {
            let wanted = ReaderScreenToRegister {
                name: typed.clone(),
            };
            match desk.session.call(api::desk::register(&wanted)).await {
                Some(Ok(pairing)) => {
                    name.try_set(String::new());
                    desk.wait_for(typed, pairing);
                }
                Some(Err(error)) => match refused(&error) {
                    Some(text) => refuse(text),
                    None => desk.fail(error),
                },
                None => {}
            }
        });
    };
    view! {
        <section class="account__section" aria-labelledby="register-title">
            <h2 class="account__title" id="register-title">"読取画面を追加する"</h2>
            <p class="account__text">
                "カードリーダーをつないだ端末のブラウザーを、読取画面として登録します。登録コードを発行し、その端末で入力します。"
            </p>
            <form class="accounts__form" method="post" autocomplete="off" novalidate=true on:submit=submit>
                <TextField
                    id=NAME
                    label="読取画面の名前"
                    kind=Kind::Text
                    required=true
                    hint="「受付1」など、置き場所がわかる名前。40文字以内"
                    value=name
                    error=wrong
                    on_input=Callback::new(move |text| {
                        wrong.set(None);
                        name.set(text);
                    })
                />
                <button
                    type="submit"
                    class="button button--solid"
                    id="register-screen"
                    disabled=move || task.is_running()
                >
                    "登録コードを発行"
                </button>
            </form>
        </section>
    }
}

fn wrong_with(name: &str) -> Option<&'static str> {
    match name.chars().count() {
        0 => Some("読取画面の名前を入力してください"),
        1..=MOST_CHARACTERS => None,
        _ => Some("読取画面の名前は40文字以内で入力してください"),
    }
}

/// What the service found wrong with the name.
fn refused(error: &Error) -> Option<String> {
    let Error::Problem(problem) = error else {
        return None;
    };
    let mut violations = problem.violations.iter();
    let violation = violations.find(|violation| violation.field == "name");
    violation.map(|violation| violation.message.clone())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::wrong_with;

    #[wasm_bindgen_test]
    fn names_are_as_the_service_takes_them() {
        let table = [(0, false), (1, true), (40, true), (41, false)];
        for (length, is_fine) in table {
            let name = "受".repeat(length);
            assert_eq!(wrong_with(&name).is_none(), is_fine, "{length}");
        }
    }
}
