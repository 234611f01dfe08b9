//! The parts of the program that the browser loads when they are first wanted.
//!
//! **To add one**, write a function like those below, and let [`page`] (or whoever wants
//! it) call it. `#[wasm_split(name, …)]` makes it the only door to a part: after
//! compiling, `cargo xtask` (`xtask/src/page/parts.rs`) cuts out what nothing but doors of
//! that name leads to, and puts it into a file of its own, `split_name.wasm`. A call is
//! async: it fetches the file, once, and fails with [`Error::Part`] when that can't be
//! had; the next call tries again. What more than one part needs is in `chunk_….wasm` or
//! with the first load.
//!
//! Whatever is named outside of the doors stays in the first load: import a lazy page's
//! component here and nowhere else. What a door gives is no view but a [`Maker`], so that
//! the view is made later, by [`Part`], with its reactive owner as ever.
//!
//! First loaded is what leads to a search: log-in, lock, menu, search, and 「エラー履歴」,
//! which is wanted most when nothing can be loaded. `emergency` follows at once, after
//! log-in: it has what tells whether one may search at all.
#![expect(
    clippy::unnecessary_wraps,
    reason = "a door's own code never fails, but to load it may"
)]

use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::join;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use protocol::http::{PasskeyChallenge, SessionInfo};

use crate::api::Error;
use crate::components::calendar::opened::{Opened, Opening};
use crate::components::live::{self, Live};
use crate::components::part::Part;
use crate::later_styles;
use crate::notebook::tending;
use crate::pages::accounts::AccountsPage;
use crate::pages::audit::AuditPage;
use crate::pages::eligibility::EligibilityPage;
use crate::pages::emergency::EmergencyPage;
use crate::pages::log_in::second_factor::SecondFactor;
use crate::pages::notebook::NotebookPage;
use crate::pages::operator::OperatorPage;
use crate::pages::passcodes::PasscodesPage;
use crate::pages::passkeys::PasskeysPage;
use crate::pages::password::PasswordPage;
use crate::pages::reader::ReaderPage;
use crate::pages::reader_screens::ReaderScreensPage;
use crate::pages::readers::ReadersPage;
use crate::pages::report::ReportPage;
use crate::pages::search::advice::{AdviceNotice, Advisor, Unfound};
use crate::pages::unknown::UnknownPage;
use crate::route::Route;
use crate::session::Session;

/// Makes what a part was wanted for. It is in the part: one who has it has loaded it.
pub(crate) type Maker = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// What is done in the background.
type Tending = Pin<Box<dyn Future<Output = ()>>>;

/// A part on its way.
pub(crate) type Loading = Pin<Box<dyn Future<Output = Result<Maker, Error>>>>;

impl From<SplitLoaderError> for Error {
    fn from(_: SplitLoaderError) -> Self {
        Self::Part
    }
}

/// For administrators: 「アカウント情報管理」 and what is below it, and 「監査証跡」.
#[wasm_split(administration, wasm_split_path = leptos::wasm_split, fallible)]
fn administration(route: Route) -> Result<Maker, Error> {
    Ok(Arc::new(move || match route {
        Route::Audit => view! { <AuditPage /> }.into_any(),
        Route::Passcodes => view! { <PasscodesPage /> }.into_any(),
        Route::ReaderScreens => view! { <ReaderScreensPage /> }.into_any(),
        _ => view! { <AccountsPage /> }.into_any(),
    }))
}

/// 「資格情報確認」.
#[wasm_split(
    eligibility,
    wasm_split_path = leptos::wasm_split,
    fallible,
    preload(load_eligibility)
)]
fn eligibility(route: Route) -> Result<Maker, Error> {
    Ok(Arc::new(move || match &route {
        Route::Eligibility(id) => view! { <EligibilityPage id=id.clone() /> }.into_any(),
        _ => view! { <UnknownPage /> }.into_any(),
    }))
}

/// 「緊急時医療情報・資格確認機能」.
#[wasm_split(emergency, wasm_split_path = leptos::wasm_split, fallible)]
fn emergency() -> Result<Maker, Error> {
    Ok(Arc::new(|| view! { <EmergencyPage /> }.into_any()))
}

/// What the whole tab follows.
#[wasm_split(emergency, wasm_split_path = leptos::wasm_split, fallible)]
fn following(live: Live) -> Result<(), Error> {
    live::begin(live);
    Ok(())
}

/// What to do when a search finds nobody, or too many.
#[wasm_split(emergency, wasm_split_path = leptos::wasm_split, fallible)]
fn advice(unfound: Unfound, advise: Advisor) -> Result<Maker, Error> {
    Ok(Arc::new(move || {
        let unfound = unfound.clone();
        view! { <AdviceNotice unfound advise /> }.into_any()
    }))
}

/// 「利用報告書」.
#[wasm_split(emergency, wasm_split_path = leptos::wasm_split, fallible)]
fn report(route: Route) -> Result<Maker, Error> {
    Ok(Arc::new(move || match &route {
        Route::Report(id) => view! { <ReportPage id=id.clone() /> }.into_any(),
        _ => view! { <UnknownPage /> }.into_any(),
    }))
}

/// 「顔認証付きカードリーダー操作」.
#[wasm_split(readers, wasm_split_path = leptos::wasm_split, fallible)]
fn readers() -> Result<Maker, Error> {
    Ok(Arc::new(|| view! { <ReadersPage /> }.into_any()))
}

/// For operators: 「申請の一覧」 and what is below it.
#[wasm_split(operator, wasm_split_path = leptos::wasm_split, fallible)]
fn operator(route: Route) -> Result<Maker, Error> {
    Ok(Arc::new(move || {
        view! { <OperatorPage route=route.clone() /> }.into_any()
    }))
}

/// What one sets up for one's own log-in: 「パスワードの変更」 and 「パスキー」. With the administrators', because each
/// part more costs a chunk for every set of parts that share something, and the first load knows all of them.
#[wasm_split(administration, wasm_split_path = leptos::wasm_split, fallible)]
fn own_account(route: Route) -> Result<Maker, Error> {
    Ok(Arc::new(move || match route {
        Route::Passkeys => view! { <PasskeysPage /> }.into_any(),
        _ => view! { <PasswordPage /> }.into_any(),
    }))
}

/// The second half of a log-in: a passkey.
#[wasm_split(administration, wasm_split_path = leptos::wasm_split, fallible)]
fn passkey(challenge: PasskeyChallenge, restart: Callback<Option<Error>>) -> Result<Maker, Error> {
    Ok(Arc::new(move || {
        let challenge = challenge.clone();
        view! { <SecondFactor challenge restart /> }.into_any()
    }))
}

/// What is in the dialog of 「カレンダー」.
#[wasm_split(calendar, wasm_split_path = leptos::wasm_split, fallible)]
fn calendar(opening: Opening) -> Result<Maker, Error> {
    Ok(Arc::new(move || view! { <Opened opening /> }.into_any()))
}

/// 「控え」.
#[wasm_split(notebook, wasm_split_path = leptos::wasm_split, fallible)]
fn notebook() -> Result<Maker, Error> {
    Ok(Arc::new(|| view! { <NotebookPage /> }.into_any()))
}

/// What 「控え」 needs before the next outage.
#[wasm_split(notebook, wasm_split_path = leptos::wasm_split, fallible)]
fn notebook_tender(session: Session, info: SessionInfo) -> Result<Tending, Error> {
    Ok(Box::pin(tending::tend(session, info)))
}

/// 「読取画面」, and the ways to a card reader with it.
#[wasm_split(reader_screen, wasm_split_path = leptos::wasm_split, fallible)]
fn reader_screen() -> Result<Maker, Error> {
    Ok(Arc::new(|| view! { <ReaderPage /> }.into_any()))
}

/// A part, once its styles have taken effect.
pub(crate) async fn styled(part: Loading) -> Result<Maker, Error> {
    let (maker, styles) = join(part, later_styles::applied()).await;
    styles.and(maker)
}

/// A reader's own screen.
pub(crate) fn load_reader_screen() -> Loading {
    Box::pin(reader_screen())
}

/// A page that is in a part.
pub(crate) fn page(route: Route) -> AnyView {
    let wanted = route.clone();
    let load = Callback::new(move |()| -> Loading {
        let route = wanted.clone();
        match route {
            Route::Emergency => Box::pin(emergency()),
            Route::Eligibility(_) => Box::pin(eligibility(route)),
            Route::Report(_) => Box::pin(report(route)),
            Route::Password | Route::Passkeys => Box::pin(own_account(route)),
            Route::Readers => Box::pin(readers()),
            Route::Notebook => Box::pin(notebook()),
            Route::Operator | Route::OperatorOpening(_) | Route::Institutions => {
                Box::pin(operator(route))
            }
            _ => Box::pin(administration(route)),
        }
    });
    view! { <Part load route /> }.into_any()
}

/// Has the tab follow what the service tells.
pub(crate) fn expect_news(live: Live) {
    leptos::task::spawn_local(async move {
        // Should it fail, the pages that need it try again, and say so.
        let _ = following(live).await;
    });
}

/// What to do when a search finds nobody, or too many.
pub(crate) fn advice_notice(unfound: Unfound, advise: Advisor) -> AnyView {
    let load = Callback::new(move |()| -> Loading { Box::pin(advice(unfound.clone(), advise)) });
    view! { <Part load /> }.into_any()
}

/// What asks for the passkey, once the password was right.
pub(crate) fn second_factor(
    challenge: PasskeyChallenge,
    restart: Callback<Option<Error>>,
) -> AnyView {
    let load =
        Callback::new(move |()| -> Loading { Box::pin(passkey(challenge.clone(), restart)) });
    view! { <Part load /> }.into_any()
}

/// The calendar, when its dialog has just been opened.
pub(crate) fn opened_calendar(opening: Opening) -> AnyView {
    let load = Callback::new(move |()| -> Loading { Box::pin(calendar(opening)) });
    view! { <Part load /> }.into_any()
}

/// Lets this terminal know what 「控え」 needs, so that it works when nothing else does.
pub(crate) fn tend_notebook(session: Session, info: SessionInfo) {
    leptos::task::spawn_local(async move {
        // Should it fail, the page of 「控え」 says so.
        if let Ok(tending) = notebook_tender(session, info).await {
            tending.await;
        }
    });
}

/// Has 「資格情報確認」 ready before anybody is found, so that nobody waits for it then.
pub(crate) fn expect_eligibility() {
    leptos::task::spawn_local(async {
        // Should it fail, the page tries again, and says so.
        let _ = load_eligibility().await;
    });
}
