//! 「アカウント情報管理」.

mod create;
mod list;
mod rule;
mod told;

use domain::account::{Role, UserId};
use leptos::prelude::*;
use protocol::http::{AccountChoice, AccountSummary, OneTimePassword};

use super::menu::MenuItem;
use crate::api::{self, Error};
use crate::components::allowed::Allowed;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use create::CreateForm;
use list::AccountList;
use rule::PasskeyRuleSection;
use told::ToldPassword;

/// The institution's accounts, for its administrators.
#[component]
pub(crate) fn AccountsPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Accounts />
        <Allowed may=Role::may_manage_accounts><Management /></Allowed>
    }
}

/// What is known, and what is being done.
#[derive(Clone, Copy)]
struct Accounts {
    session: Session,
    loading: Task,
    changing: Task,
    list: RwSignal<Option<Result<Vec<AccountSummary>, Error>>>,
    told: RwSignal<Option<OneTimePassword>>,
    failure: RwSignal<Option<Error>>,
}

/// What can be done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Disable,
    Reset,
    ResetPasskeys,
}

impl Accounts {
    fn load(self) {
        self.loading.run(async move {
            if let Some(answer) = self.session.call(api::accounts()).await {
                self.list.try_set(Some(answer));
            }
        });
    }

    fn change(self, change: Change, user_id: UserId) {
        self.told.set(None);
        self.failure.set(None);
        self.changing.run(async move {
            let choice = AccountChoice { user_id };
            let call = async {
                match change {
                    Change::Disable => api::disable_account(&choice).await.map(|()| None),
                    Change::Reset => api::reset_account(&choice).await.map(Some),
                    Change::ResetPasskeys => api::reset_passkeys(&choice).await.map(|()| None),
                }
            };
            match self.session.call(call).await {
                Some(Ok(told)) => self.changed(told),
                Some(Err(error)) => {
                    self.failure.try_set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
                None => {}
            }
        });
    }

    /// Something was changed: a password may have to be told, and the list is old.
    fn changed(self, told: Option<OneTimePassword>) {
        if told.is_some() {
            dom::focus_soon(told::ID);
        }
        self.told.try_set(told);
        self.load();
    }
}

/// The id of what says why something was not done.
const PROBLEM: &str = "accounts-problem";

#[component]
fn Management() -> impl IntoView {
    let accounts = Accounts {
        session: Session::expect(),
        loading: Task::new(),
        changing: Task::new(),
        list: RwSignal::new(None),
        told: RwSignal::new(None),
        failure: RwSignal::new(None),
    };
    accounts.load();
    let content = move || {
        match accounts.list.get() {
        None => view! { <div role="status"><Waiting text="アカウントを読み込んでいます…" /></div> }.into_any(),
        Some(Ok(list)) => view! { <AccountList list accounts /> }.into_any(),
        Some(Err(error)) => view! {
            <div role="alert">
                <ProblemNotice error>
                    <button type="button" class="button button--solid" on:click=move |_| accounts.load()>
                        "もう一度読み込む"
                    </button>
                </ProblemNotice>
            </div>
        }
        .into_any(),
    }
    };
    view! {
        <ul class="menu accounts__menu">
            <MenuItem
                to=Route::Passcodes
                text="読取画面の「職員用ボタン」で使う、4桁のパスコードを発行します。"
            />
            <MenuItem
                to=Route::ReaderScreens
                text="カードリーダーをつないだ端末を、読取画面として登録します。同意の質問も選べます。"
            />
        </ul>
        {move || accounts.failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        {move || accounts.told.get().map(|password| view! { <ToldPassword password told=accounts.told /> })}
        {content}
        <CreateForm accounts />
        <PasskeyRuleSection accounts />
    }
}
