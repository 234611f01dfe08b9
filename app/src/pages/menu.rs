//! 「メニュー」.

use domain::account::Role;
use leptos::prelude::*;

use crate::components::heading::Heading;
use crate::components::icon::{Icon, Sign};
use crate::components::link::Link;
use crate::components::live::Live;
use crate::components::notice::{Notice, Tone};
use crate::components::void_passcode::VoidPasscode;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;

/// What the role may do; and of what it may not, why.
#[component]
pub(crate) fn MenuPage() -> impl IntoView {
    let live = Live::expect();
    let brief = Memo::new(move |_| live.standing().map(|standing| standing.brief));
    view! {
        <Heading route=Route::Menu />
        <ForAdministrators><Told /></ForAdministrators>
        <ForSearchers otherwise=operators>
            <ul class="menu">
                <MenuItem
                    to=Route::Readers
                    text="カードリーダーを目視確認モードに切り替え、顔写真を見て本人を確認した患者の資格情報を確認します。"
                />
                <MenuItem
                    to=Route::Emergency
                    text="マイナンバーカードなどでの資格確認ができないときに、患者の資格情報を確認します。"
                    state=brief
                />
                <MenuItem
                    to=Route::Notebook
                    text="照会できない間に患者を控えておき、照会できるようになってから、まとめて照会します。"
                />
                <ForAuditors />
            </ul>
        </ForSearchers>
        <ul class="menu menu--account">
            <ForAdministrators>
                <MenuItem
                    to=Route::Accounts
                    text="職員と管理者のアカウントの管理、目視確認用パスコードの発行、読取画面の登録をします。"
                />
            </ForAdministrators>
            <MenuItem
                to=Route::Password
                text="自分のパスワードを変更します。すべての端末からログアウトすることもできます。"
            />
            <MenuItem
                to=Route::Passkeys
                text="ログインのときに、指紋や顔、PINなどでも本人を確かめます。"
            />
        </ul>
    }
}

/// What administrators have to know: asked for whenever the menu is opened.
#[component]
fn Told() -> impl IntoView {
    let session = Session::expect();
    Task::new().run(session.recheck());
    let is_void = Memo::new(move |_| session.info().is_some_and(|info| info.passcode_is_void));
    view! { <div role="alert">{move || is_void.get().then(|| view! { <VoidPasscode /> })}</div> }
}

/// What only administrators see.
#[component]
fn ForAdministrators(children: ChildrenFn) -> impl IntoView {
    let session = Session::expect();
    let is_one = Memo::new(move |_| session.allows(Role::may_manage_accounts));
    view! { <Show when=move || is_one.get()>{children()}</Show> }
}

/// What only those may see who search; for others, why they don't.
#[component]
pub(crate) fn ForSearchers(
    children: ChildrenFn,
    /// What others see instead.
    #[prop(optional)]
    otherwise: Option<fn() -> AnyView>,
) -> impl IntoView {
    let session = Session::expect();
    let may_search = Memo::new(move |_| session.allows(Role::may_search));
    let otherwise = otherwise.unwrap_or(|| view! { <NotForThisRole /> }.into_any());
    view! { <Show when=move || may_search.get() fallback=otherwise>{children()}</Show> }
}

/// What operators do, who do not search.
fn operators() -> AnyView {
    view! {
        <ul class="menu">
            <MenuItem
                to=Route::Operator
                text="医療機関・薬局からの利用申請に応え、緊急時医療情報・資格確認機能を開放します。医療機関の登録簿も管理します。"
            />
        </ul>
    }
    .into_any()
}

/// What administrators check.
#[component]
fn ForAuditors() -> impl IntoView {
    let session = Session::expect();
    let may_read = Memo::new(move |_| session.allows(Role::may_read_audit));
    view! {
        <Show when=move || may_read.get()>
            <MenuItem
                to=Route::Audit
                text="だれが、いつ、どの患者の情報を検索、閲覧したかを確認します。"
            />
        </Show>
    }
}

/// A link to a page, what it is for, and how it is there, if that is known.
#[component]
pub(crate) fn MenuItem(
    to: Route,
    text: &'static str,
    #[prop(optional, into)] state: Signal<Option<String>>,
) -> impl IntoView {
    let title = to.title();
    view! {
        <li class="menu__item">
            <Link to class="menu__link">{title}</Link>
            <p class="menu__text">
                {text}
                <span class="menu__state" role="status">{move || state.get()}</span>
            </p>
            <Sign icon=Icon::Forward />
        </li>
    }
}

#[component]
fn NotForThisRole() -> impl IntoView {
    view! {
        <Notice
            tone=Tone::Information
            title="患者の資格を確認する機能は、このアカウントでは利用できません"
        >
            <p>
                "医療機関・薬局の職員と管理者が利用する機能です。実施機関のアカウントでは、患者の情報を検索、閲覧できません。"
            </p>
        </Notice>
    }
}
