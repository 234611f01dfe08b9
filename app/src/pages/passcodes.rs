//! 「目視確認用パスコード発行」.

mod list;
mod told;

use domain::account::Role;
use leptos::ev;
use leptos::prelude::*;
use protocol::http::{IssuedPasscode, PasscodeIssue, TerminalState};

use crate::api::events::Feed;
use crate::api::{self, Error};
use crate::components::allowed::Allowed;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::dialog::Confirm;
use crate::components::heading::Heading;
use crate::components::live;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use list::IssueList;
use told::Told;

/// The id of what says why something was not done.
const PROBLEM: &str = "passcode-problem";
/// The id of 「発行」.
const ISSUE: &str = "issue-passcode";

/// What was issued, and a new one, for administrators.
#[component]
pub(crate) fn PasscodesPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu, Route::Accounts] />
        <Heading route=Route::Passcodes />
        <Allowed may=Role::may_manage_accounts><Issuing /></Allowed>
    }
}

/// What is known, and what is being done.
#[derive(Clone, Copy)]
struct Passcodes {
    session: Session,
    feed: Feed<TerminalState>,
    loading: Task,
    changing: Task,
    list: RwSignal<Option<Result<Vec<PasscodeIssue>, Error>>>,
    /// The digits, as long as they are on the screen: kept nowhere else.
    told: RwSignal<Option<IssuedPasscode>>,
    failure: RwSignal<Option<Error>>,
}

impl Passcodes {
    fn load(self) {
        self.loading.run(async move {
            if let Some(answer) = self.session.call(api::desk::passcodes()).await {
                self.list.try_set(Some(answer));
            }
        });
    }

    fn issue(self) {
        self.failure.set(None);
        self.changing.run(async move {
            match self.session.call(api::desk::issue_passcode()).await {
                Some(Ok(issued)) => {
                    self.told.try_set(Some(issued));
                    self.load();
                }
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        });
    }

    /// Revokes the one in force, or notes that the void one was seen to.
    fn end(self) {
        self.failure.set(None);
        self.changing.run(async move {
            match self.session.call(api::desk::end_passcode()).await {
                Some(Ok(())) => {
                    self.load();
                    dom::focus_soon(ISSUE);
                }
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        });
    }

    fn fail(self, error: Error) {
        self.failure.try_set(Some(error));
        dom::focus_soon(PROBLEM);
    }
}

#[component]
fn Issuing() -> impl IntoView {
    let session = Session::expect();
    let passcodes = Passcodes {
        session,
        feed: live::follow(),
        loading: Task::new(),
        changing: Task::new(),
        list: RwSignal::new(None),
        told: RwSignal::new(None),
        failure: RwSignal::new(None),
    };
    // A page that is left is kept by browsers as it was: it must not be with the digits.
    let leaving = window_event_listener(ev::pagehide, move |_| passcodes.told.set(None));
    on_cleanup(move || leaving.remove());
    let is_void = Memo::new(move |_| {
        let state = passcodes.feed.state();
        state.is_some_and(|state| state.passcode_is_void)
    });
    // Not with each news: asking for the list is use of the session, which news are not.
    Effect::new(move |_| {
        is_void.track();
        passcodes.load();
    });
    let asked = RwSignal::new(false);
    let list = move || {
        match passcodes.list.get() {
            None => view! {
                <div role="status"><Waiting text="発行の一覧を読み込んでいます…" /></div>
            }
            .into_any(),
            Some(Ok(list)) => view! { <IssueList list passcodes /> }.into_any(),
            Some(Err(error)) => view! {
                <div role="alert">
                    <ProblemNotice error>
                        <button type="button" class="button button--solid" on:click=move |_| passcodes.load()>
                            "もう一度読み込む"
                        </button>
                    </ProblemNotice>
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <div role="alert">
            {move || is_void.get().then(|| view! { <Void passcodes /> })}
            {move || passcodes.failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </div>
        <p class="account__text">
            "読取画面の「職員用ボタン」から目視確認を始めるときに使う、4桁のパスコードです。パスコードは自動で決まります。任意のパスコードは設定できません。"
        </p>
        <button
            type="button"
            class="button button--solid"
            id=ISSUE
            disabled=move || passcodes.changing.is_running()
            on:click=move |_| asked.set(true)
        >
            "発行"
        </button>
        {move || asked.get().then(|| view! {
            <Confirm
                question="目視確認用パスコードを発行しますか"
                text="発行すると、今までのパスコードは使えなくなります。新しいパスコードは、次の画面に一度だけ表示されます。"
                yes="OK"
                on_yes=Callback::new(move |()| passcodes.issue())
                on_no=Callback::new(move |()| asked.set(false))
            />
        })}
        {move || passcodes.told.get().map(|issued| view! { <Told issued told=passcodes.told /> })}
        <section class="account__section" aria-labelledby="issues-title">
            <div class="passcode__head">
                <h2 class="account__title" id="issues-title">"発行の一覧"</h2>
                <button type="button" class="button button--outline button--small" on:click=move |_| passcodes.load()>
                    "最新の状態にする"
                </button>
            </div>
            {list}
        </section>
    }
}

/// Somebody has guessed: administrators must know.
#[component]
fn Void(passcodes: Passcodes) -> impl IntoView {
    view! {
        <Notice tone=Tone::Error title="目視確認用パスコードが無効になりました">
            <p>
                "間違ったパスコードが続けて入力されたため、使えなくなりました。下の一覧で、入力された読取画面を確認してください。心当たりがないときは、読取画面のまわりを確かめてください。続けて使うときは、新しいパスコードを発行してください。"
            </p>
            <button type="button" class="button button--outline" on:click=move |_| passcodes.end()>
                "確認しました"
            </button>
        </Notice>
    }
}
