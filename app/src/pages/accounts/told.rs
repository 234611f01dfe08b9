//! A one-time password, shown once.

use leptos::prelude::*;
use protocol::http::OneTimePassword;

use crate::components::notice::{Notice, Tone};
use crate::text::moment;

/// The notice's id.
pub(super) const ID: &str = "one-time-password";

/// The password, until when it is good, and what to do with it.
#[component]
pub(super) fn ToldPassword(
    password: OneTimePassword,
    told: RwSignal<Option<OneTimePassword>>,
) -> impl IntoView {
    let title = ["「", password.user_id.as_str(), "」の仮パスワード"].concat();
    let until = moment(password.expires_at);
    view! {
        <Notice tone=Tone::Information title id=ID>
            <p><code class="accounts__password">{password.password}</code></p>
            <p>
                "本人に伝えてください。表示できるのは今だけです。"{until}
                "までに一度ログインし、新しいパスワードを決めてもらいます。"
            </p>
            <button type="button" class="button button--outline" id="hide-password" on:click=move |_| told.set(None)>
                "伝えたので閉じる"
            </button>
        </Notice>
    }
}
