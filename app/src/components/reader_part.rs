//! A reader's own screen, whether or not its part of the program is here yet.

use std::time::Duration;

use leptos::prelude::*;

use super::waiting::Waiting;
use crate::parts::{self, Maker};
use crate::task::{Task, sleep};

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(5);

/// Loads the screen, and tries again until it is there: nobody may be near to press anything, and
/// the screen leads nowhere.
#[component]
pub(crate) fn ReaderPart() -> impl IntoView {
    let made = RwSignal::new(None::<Maker>);
    let has_failed = RwSignal::new(false);
    Task::new().run(async move {
        loop {
            if let Ok(maker) = parts::styled(parts::load_reader_screen()).await {
                return made.set(Some(maker));
            }
            has_failed.set(true);
            sleep(PAUSE).await;
        }
    });
    move || {
        match made.get() {
        Some(make) => make(),
        None => view! {
            <main class="main" role="status">
                <h1 class="heading">"読取画面"</h1>
                {move || if has_failed.get() {
                    view! {
                        <p>"画面の一部を読み込めませんでした。ネットワークの接続を確認してください。自動でもう一度読み込みます。"</p>
                    }
                    .into_any()
                } else {
                    view! { <Waiting text="画面を読み込んでいます…" /> }.into_any()
                }}
            </main>
        }
        .into_any(),
    }
    }
}
