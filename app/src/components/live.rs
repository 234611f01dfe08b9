//! What terminals follow, and what is said when it can't be followed.

use domain::timestamp::Timestamp;
use leptos::prelude::*;
use protocol::http::TerminalState;

use super::notice::{Notice, Tone};
use crate::api::events::{Feed, Freshness};
use crate::session::Session;
use crate::task::Task;
use crate::text::moment;

/// How soon the session is asked for again, in milliseconds: a service that is away
/// ends a connection every few moments.
const ASKED_AGAIN_MS: f64 = 5_000.0;

/// Follows until the component that is being made is gone. A stream that ends may have
/// ended with its session, which is asked for then.
pub(crate) fn follow(session: Session) -> Feed<TerminalState> {
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

/// Says that what is on the screen is old, and since when.
#[component]
pub(crate) fn OutOfDate(feed: Feed<TerminalState>) -> impl IntoView {
    let since = Memo::new(move |_| match feed.freshness() {
        Freshness::OutOfDate { since } => Some(since),
        Freshness::Live | Freshness::CatchingUp => None,
    });
    let notice = move || {
        since.get().map(|since| {
            view! {
                <Notice tone=Tone::Attention title="最新の状態を確認できません">
                    <p>
                        "サーバーとの接続が切れました。自動的につなぎ直しています。下の表示は"
                        {moment(at(since))}
                        "のものです。つながるまで、目視確認は始められません。"
                    </p>
                </Notice>
            }
        })
    };
    view! { <div role="alert">{notice}</div> }
}

fn at(milliseconds: f64) -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a browser's time is far below what fits"
    )]
    Timestamp::from_unix_milliseconds(milliseconds as i64)
}
