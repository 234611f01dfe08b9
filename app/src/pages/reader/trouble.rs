//! When the screen can't do its work: for the patient a word, for staff the remedy.

use leptos::prelude::*;

use super::HEADING;
use super::choose::ChooseButton;
use super::control::Control;
use super::language::Say;
use super::words::{self, Words};
use crate::reader::Status;

#[component]
pub(super) fn StartingView() -> impl IntoView {
    plain(words::STARTING, words::WAIT)
}

#[component]
pub(super) fn UnreachableView() -> impl IntoView {
    plain(words::UNREACHABLE, words::TELL_STAFF)
}

#[component]
pub(super) fn OutOfDateView() -> impl IntoView {
    view! {
        {plain(words::OUT_OF_DATE, words::OUT_OF_DATE_TEXT)}
        <section class="reader__for-staff" aria-labelledby="reader-for-staff">
            <h2 class="reader__for-staff-title" id="reader-for-staff">"職員の方へ：サーバーとの通信が切れています"</h2>
            <p>"ネットワークの接続を確認してください。つながるまで、この読取画面では操作できません。"</p>
        </section>
    }
}

fn plain(title: Words, text: Words) -> impl IntoView {
    view! {
        <div class="reader__scene reader__scene--plain" role="status">
            <div class="reader__say">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=title /></h1>
                <p class="reader__text"><Say words=text /></p>
            </div>
        </div>
    }
}

/// The card reader can't be used: why, and what to do.
#[component]
pub(super) fn TroubleView(control: Control, status: Status) -> impl IntoView {
    let title = title(&status);
    // What was chosen once may come back by itself.
    let is_chosen = untrack(move || control.reader().is_chosen());
    let is_wanted = matches!(status, Status::DeviceWanted | Status::Unsupported);
    view! {
        {plain(words::OUT_OF_ORDER, words::TELL_STAFF)}
        <section class="reader__for-staff" aria-labelledby="reader-for-staff">
            <h2 class="reader__for-staff-title" id="reader-for-staff">"職員の方へ："{title}</h2>
            <Remedy control status />
            {(!is_chosen).then(|| view! {
                <p>"ブリッジを入れていない端末では、USBやHIDのカードリーダーを選べます。"</p>
            })}
            <ChooseButton control is_main={is_wanted || !is_chosen} />
        </section>
    }
}

/// What is the matter with a reader that can't be used.
pub(super) fn title(status: &Status) -> String {
    advice(status).title
}

/// What staff can do about it.
#[component]
pub(super) fn Remedy(control: Control, status: Status) -> impl IntoView {
    let Advice { text, act, .. } = advice(&status);
    let digits = match &status {
        Status::Pairing { code, command } => Some((grouped(code), command.clone())),
        _ => None,
    };
    view! {
        <p>{text}</p>
        {digits.map(|(code, command)| view! {
            <p class="reader__code"><code>{code}</code></p>
            <p>"ブリッジの画面で入力するとき："<code>{command}</code></p>
        })}
        {act.map(|(name, act)| view! {
            <button type="button" class="button button--solid reader__button" on:click=move |_| act.run(control)>
                {name}
            </button>
        })}
    }
}

/// What staff can do about it.
struct Advice {
    title: String,
    text: &'static str,
    act: Option<(&'static str, Act)>,
}

#[derive(Clone, Copy)]
enum Act {
    Connect,
    TakeOver,
}

impl Act {
    fn run(self, control: Control) {
        match self {
            Self::Connect => control.connect(),
            Self::TakeOver => control.take_over(),
        }
    }
}

fn advice(status: &Status) -> Advice {
    let connect = |name| Some((name, Act::Connect));
    let (title, text, act) = match status {
        Status::NotRunning => (
            "カードリーダーのブリッジが動いていません",
            "この端末で shikaku-reader-bridge を起動してください。起動すると、自動でつながります。",
            None,
        ),
        Status::Refused => (
            "ブリッジがこの画面を受け付けません",
            "ブリッジの許可する接続元（--allow-origin）に、この画面のアドレスを加えてください。",
            None,
        ),
        Status::PermissionWanted => (
            "カードリーダーにつなぐ許可が必要です",
            "「カードリーダーにつなぐ」を押すと、この端末のほかのアプリへの接続を許可するか、ブラウザーがたずねます。「許可」を選んでください。",
            connect("カードリーダーにつなぐ"),
        ),
        Status::PermissionDenied => (
            "ブラウザーがカードリーダーへの接続を禁止しています",
            "アドレス欄の左の印からサイトの設定を開き、「ローカル ネットワーク（この端末のアプリ）」への接続を許可してから、もう一度つないでください。",
            connect("もう一度つなぐ"),
        ),
        Status::Changed => (
            "前とは別のブリッジが動いています",
            "ブリッジを入れ直したときは、このブリッジを使ってください。心当たりがないときは使わず、システムの担当者に連絡してください。",
            connect("このブリッジを使う"),
        ),
        Status::Outdated => (
            "ブリッジのバージョンが合いません",
            "この端末の shikaku-reader-bridge を新しいものにしてください。",
            None,
        ),
        Status::Pairing { .. } => (
            "ブリッジとの組み合わせを確認してください",
            "ブリッジの画面に出ている6桁の数字が、下と同じことを確かめて、ブリッジで承認してください。違うときは承認しないでください。",
            None,
        ),
        Status::NotPaired => (
            "ブリッジで承認されませんでした",
            "時間内に承認されなかったか、登録が取り消されました。もう一度つないで、6桁の数字を確かめてください。",
            connect("もう一度つなぐ"),
        ),
        Status::ServiceDown => (
            "この端末のカードリーダーの機能が動いていません",
            "スマートカードのサービス（Linuxではpcscd）を起動してください。動くと、自動で元に戻ります。",
            None,
        ),
        Status::Absent => (
            "カードリーダーが見つかりません",
            "カードリーダーのケーブルをつないでください。つなぐと、自動で元に戻ります。戻らないときは、「カードリーダーを選ぶ」を押して選び直してください。",
            None,
        ),
        Status::Unsupported => (
            "このブラウザーでは、カードリーダーを直接使えません",
            "Google ChromeかMicrosoft Edgeで、この画面（アドレスがhttps://で始まるもの）を開いてください。ほかのブラウザーでは、「カードリーダーを選ぶ」から「この端末のブリッジを使う」を選んでください。",
            None,
        ),
        Status::DeviceWanted => (
            "カードリーダーが選ばれていません",
            "カードリーダーをつなぎ、「カードリーダーを選ぶ」を押して選んでください。どれを使うか、ブラウザーがたずねます。",
            None,
        ),
        Status::Occupied => (
            "カードリーダーをほかのプログラムが使っています",
            "カードを読み取るほかのプログラムや画面を終了してください。終了すると、自動で元に戻ります。戻らないときは、ケーブルを抜き、もう一度つないでください。それでも戻らないときは、この端末のドライバーか使用権限の設定が要ります。システムの担当者に連絡してください。",
            connect("もう一度つなぐ"),
        ),
        Status::NotResponding => (
            "カードリーダーが応答しません",
            "カードリーダーのケーブルを抜き、もう一度つないでください。つなぐと、自動で元に戻ります。",
            connect("もう一度つなぐ"),
        ),
        Status::Away => (
            "カードリーダーを休ませています",
            "この画面が長いあいだ隠れていたためです。この画面を表示すると、自動で元に戻ります。",
            None,
        ),
        Status::InUse { by, .. } => {
            return Advice {
                title: ["カードリーダーは", by, "が使っています"].concat(),
                text: "そちらの画面が終わるのを待つか、この画面で使ってください。この画面で使うと、そちらでは使えなくなります。",
                act: Some(("この画面で使う", Act::TakeOver)),
            };
        }
        Status::Connecting | Status::Ready { .. } => ("つないでいます", "お待ちください。", None),
    };
    Advice {
        title: title.to_owned(),
        text,
        act,
    }
}

/// `123 456`: as it is read out and compared.
fn grouped(code: &str) -> String {
    code.split_at_checked(3).map_or_else(
        || code.to_owned(),
        |(first, second)| [first, " ", second].concat(),
    )
}
