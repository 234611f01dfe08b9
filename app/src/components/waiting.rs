//! Something is on its way.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

/// When waiting is called long.
const LONG: Duration = Duration::from_secs(3);
/// When it is called too long, and another try is offered.
const TOO_LONG: Duration = Duration::from_secs(10);

/// A line that says so, with a bar that moves, and that it takes long when it
/// does. `stop` gives it up, by a button or by Escape; `again` begins anew. Where it
/// stands is a live region.
#[component]
pub(crate) fn Waiting(
    text: &'static str,
    #[prop(optional)] stop: Option<Callback<()>>,
    #[prop(optional)] again: Option<Callback<()>>,
) -> impl IntoView {
    let is_long = after(LONG);
    let is_too_long = after(TOO_LONG);
    let can_stop = stop.is_some();
    let words = move || match (is_long.get(), is_too_long.get()) {
        (_, true) if can_stop => {
            Some("サーバーの応答がまだありません。中止して、後でもう一度試すこともできます。")
        }
        (_, true) => Some("サーバーの応答がまだありません。ネットワークの接続を確認してください。"),
        (true, false) => Some("時間がかかっています。そのままお待ちください。"),
        (false, false) => None,
    };
    if let Some(stop) = stop {
        let escape = window_event_listener(ev::keydown, move |key| {
            if key.key() == "Escape" && !key.is_composing() {
                stop.run(());
            }
        });
        on_cleanup(move || escape.remove());
    }
    view! {
        <div class="waiting">
            <p class="waiting__text">{text}</p>
            <div class="waiting__bar" aria-hidden="true"></div>
            {stop.map(|stop| view! {
                <button
                    type="button"
                    class="button button--outline"
                    id="stop"
                    title="Escキーでも中止できます"
                    on:click=move |_| stop.run(())
                >
                    "中止"
                </button>
            })}
            {again.map(|again| move || is_too_long.get().then(|| view! {
                <button
                    type="button"
                    class="button button--outline"
                    id="begin-again"
                    on:click=move |_| again.run(())
                >
                    "もう一度試す"
                </button>
            }))}
            <p class="waiting__long">{words}</p>
        </div>
    }
}

/// Turns true after a while, unless the component is gone before.
fn after(duration: Duration) -> RwSignal<bool> {
    let is_over = RwSignal::new(false);
    if let Ok(timer) = set_timeout_with_handle(move || is_over.set(true), duration) {
        on_cleanup(move || timer.clear());
    }
    is_over
}
