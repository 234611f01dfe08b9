//! 「顔認証付きカードリーダー操作」: readers' screens, and visual confirmations at them.

mod confirmation;
mod desk;
mod model;
mod panel;
mod reader;
mod results;
mod steps;

use domain::account::Role;
use leptos::prelude::*;

use super::menu::ForSearchers;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::link::Link;
use crate::components::live::OutOfDate;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::void_passcode::VoidPasscode;
use crate::components::waiting::Waiting;
use crate::parts;
use crate::route::Route;
use crate::session::Session;
use desk::{Desk, PROBLEM};
use reader::ReaderCard;
use results::Results;

/// Every reader's screen of the institution, live.
#[component]
pub(crate) fn ReadersPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Readers />
        <ForSearchers><Readers /></ForSearchers>
    }
}

#[component]
fn Readers() -> impl IntoView {
    let desk = Desk::new();
    parts::expect_eligibility();
    let is_known = Memo::new(move |_| desk.with_state(|_| ()).is_some());
    let is_empty = Memo::new(move |_| desk.with_state(|state| state.readers.is_empty()));
    let is_void = Memo::new(move |_| desk.with_state(|state| state.passcode_is_void) == Some(true));
    let ids = Memo::new(move |_| {
        let ids = |state: &protocol::http::TerminalState| {
            let ids = state.readers.iter().map(|reader| reader.id.clone());
            ids.collect::<Vec<_>>()
        };
        desk.with_state(ids).unwrap_or_default()
    });
    view! {
        <OutOfDate feed=desk.feed meanwhile="つながるまで、目視確認は始められません。" />
        <div role="alert">
            {move || is_void.get().then(|| view! { <VoidPasscode /> })}
            {move || desk.failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </div>
        <div role="status">{move || desk.has_expired.get().then(|| view! { <Expired /> })}</div>
        <Results desk />
        <div role="status">
            {move || (!is_known.get()).then(|| view! {
                <Waiting text="読取画面の状態を確認しています…" />
            })}
        </div>
        <Show when=move || is_empty.get() == Some(true)><NoScreens /></Show>
        <div class="desk">
            <For each=move || ids.get() key=|id| id.as_str().to_owned() let:id>
                <ReaderCard id desk />
            </For>
        </div>
    }
}

/// Why a reader is back to normal though nobody here did anything about it.
#[component]
fn Expired() -> impl IntoView {
    view! {
        <Notice
            tone=Tone::Information
            title="操作がなかったため、目視確認を終了しました"
        >
            <p>
                "読取画面は通常モードに戻りました。もう一度行うときは、「目視確認」から始めてください。"
            </p>
        </Notice>
    }
}

/// What there is to do before anything can be done here.
#[component]
fn NoScreens() -> impl IntoView {
    let session = Session::expect();
    let what = move || {
        if session.allows(Role::may_manage_accounts) {
            view! {
                <p>"カードリーダーをつないだ端末を、読取画面として登録してください。"</p>
                <div class="notice__actions">
                    <Link to=Route::ReaderScreens class="button button--solid">
                        {Route::ReaderScreens.title()}
                    </Link>
                </div>
            }
            .into_any()
        } else {
            view! {
                <p>
                    "管理者に、「アカウント情報管理」の「読取画面の登録」で、カードリーダーをつないだ端末の登録を依頼してください。"
                </p>
            }
            .into_any()
        }
    };
    view! {
        <Notice tone=Tone::Information title="読取画面がまだ登録されていません">{what}</Notice>
    }
}
