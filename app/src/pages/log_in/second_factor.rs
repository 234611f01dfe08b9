//! The second half of a log-in: a passkey.

use leptos::prelude::*;
use protocol::http::{PasskeyChallenge, PasskeyLogIn, ProblemCode};

use crate::api::Error;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::passkey::{self, Failure, FailureNotice};
use crate::session::Session;
use crate::task::Task;

/// The id of what is asked.
const ASKED: &str = "passkey-asked";
/// The id of what went wrong.
const PROBLEM: &str = "passkey-problem";

/// What went wrong.
#[derive(Clone)]
enum Wrong {
    /// In the browser: the question still stands, and may be asked again.
    Browser(Failure),
    /// In the service: it has to be asked anew.
    Service(Error),
}

/// Asks the browser for the passkey at once; and again, as often as the person wants.
#[component]
pub(crate) fn SecondFactor(
    challenge: PasskeyChallenge,
    /// Back to ユーザID and パスワード, and why if somebody else is in the way.
    restart: Callback<Option<Error>>,
) -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let wrong = RwSignal::new(None::<Wrong>);
    let ask = move || {
        let challenge = challenge.clone();
        wrong.set(None);
        dom::focus_soon(ASKED);
        task.run(async move {
            let said = match passkey::get(&challenge).await {
                Ok(credential) => {
                    let token = challenge.token;
                    let answer = PasskeyLogIn { token, credential };
                    session.prove(answer).await.map_err(Wrong::Service)
                }
                Err(failure) => Err(Wrong::Browser(failure)),
            };
            match said {
                Err(Wrong::Service(error)) if error.code() == Some(ProblemCode::InUseElsewhere) => {
                    restart.run(Some(error));
                }
                Err(said) => {
                    wrong.try_set(Some(said));
                    dom::focus_soon(PROBLEM);
                }
                Ok(()) => {}
            }
        });
    };
    ask();
    let may_ask = move || {
        let stands = |wrong: &Option<Wrong>| {
            matches!(
                wrong,
                Some(Wrong::Browser(Failure::Cancelled | Failure::AlreadyHere))
            )
        };
        wrong.with(stands)
    };
    let again = move || {
        let ask = ask.clone();
        view! {
            <button type="button" class="button button--solid" id="ask-passkey" on:click=move |_| ask()>
                "もう一度パスキーで確認する"
            </button>
        }
    };
    view! {
        {move || match wrong.get() {
            None => view! {
                <Notice tone=Tone::Information title="パスキーで確認してください" id=ASKED>
                    <p>"画面の案内にしたがって、指紋、顔、PINなどで確認してください。"</p>
                </Notice>
            }
            .into_any(),
            Some(Wrong::Browser(failure)) => view! { <FailureNotice failure id=PROBLEM /> }.into_any(),
            Some(Wrong::Service(error)) => view! { <ProblemNotice error id=PROBLEM /> }.into_any(),
        }}
        <div class="notice__actions">
            {move || may_ask().then(|| again.clone()())}
            <button type="button" class="button button--outline" id="restart" on:click=move |_| restart.run(None)>
                "ログインをやり直す"
            </button>
        </div>
    }
}
