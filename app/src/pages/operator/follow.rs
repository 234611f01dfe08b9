//! What operators follow, and what is said when it can't be followed.

use domain::timestamp::Timestamp;
use leptos::prelude::*;
use protocol::http::OperatorState;

use crate::api::events::{Feed, Freshness};
use crate::components::notice::{Notice, Tone};
use crate::session::Session;
use crate::task::Task;

/// How soon the session is asked for again, in milliseconds: a service that is away
/// ends a connection every few moments.
const ASKED_AGAIN_MS: f64 = 5_000.0;

/// Follows until the component that is being made is gone. A stream that ends may have
/// ended with its session, which is asked for then.
pub(super) fn follow(session: Session) -> Feed<OperatorState> {
    let task = Task::new();
    let asked_at = StoredValue::new(f64::NEG_INFINITY);
    let feed = Feed::new(Callback::new(move |()| {
        let now = js_sys::Date::now();
        let before = asked_at.try_get_value();
        if before.is_some_and(|before| now - before > ASKED_AGAIN_MS) {
            asked_at.set_value(now);
            task.run(session.recheck());
        }
    }));
    feed.open();
    feed
}

/// Says that what is on the screen may be old.
#[component]
pub(super) fn OutOfDate(feed: Feed<OperatorState>) -> impl IntoView {
    let is_old = Memo::new(move |_| matches!(feed.freshness(), Freshness::OutOfDate { .. }));
    let notice = move || {
        is_old.get().then(|| {
            view! {
                <Notice tone=Tone::Attention title="最新の状態を確認できません">
                    <p>
                        "サーバーとの接続が切れました。自動的につなぎ直しています。つながるまで、下の表示は古いことがあります。"
                    </p>
                </Notice>
            }
        })
    };
    view! { <div role="alert">{notice}</div> }
}

/// Now, by this terminal's clock.
pub(super) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a browser's time is far below what fits"
    )]
    Timestamp::from_unix_milliseconds(js_sys::Date::now() as i64)
}
