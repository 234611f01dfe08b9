//! The status page: what the bridge knows, for the person at this machine. It changes
//! nothing and asks for nothing.

use axum::extract::State;
use axum::response::Html;
use protocol::bridge::{CardState, ReaderState, ServiceState};

use crate::announce::spaced;
use crate::desk::ConnectionId;
use crate::state::AppState;

/// A connection that there never is: nobody's view.
const NOBODY: ConnectionId = ConnectionId(0);

const STYLE: &str = "body{font:1rem/1.6 system-ui,sans-serif;max-width:48rem;margin:2rem auto;\
    padding:0 1rem;color:#1a1a1a;background:#fff}h1{font-size:1.3rem}h2{font-size:1rem;\
    margin-top:1.6rem}ul{padding-left:1.2rem}.code{font-size:2.4rem;font-weight:700;\
    letter-spacing:.08em}.note{color:#555}code{background:#f1f1f1;padding:.1rem .3rem}";

pub(crate) async fn page(State(state): State<AppState>) -> Html<String> {
    let (service, readers) = state.hub.readers(NOBODY);
    let mut text = format!(
        "<!doctype html><html lang=ja><meta charset=utf-8><meta http-equiv=refresh content=3>\
         <title>shikaku-reader-bridge</title><style>{STYLE}</style>\
         <h1>shikaku-reader-bridge {}</h1><p class=note>カードリーダーを画面につなぐプログラムの状態です。\
         3秒ごとに更新されます。</p>",
        env!("CARGO_PKG_VERSION")
    );
    for page in state.pending.pages() {
        text += &format!(
            "<h2>ペアリングの要求</h2><p>{} （{}）</p><p class=code>{}</p><p>画面の番号が同じときだけ、この端末で \
             <code>shikaku-reader-bridge pair accept {}</code> を実行してください。</p>",
            escaped(&page.label),
            escaped(&page.origin),
            spaced(&page.code),
            page.code
        );
    }
    text += &format!("<h2>カードのサービス</h2><p>{}</p>", service_text(service));
    text += "<h2>カードリーダー</h2>";
    text += &list(readers.iter().map(reader_text), "ありません。");
    text += "<h2>接続中の画面</h2>";
    let guests = state.hub.guests().into_iter();
    let guests =
        guests.map(|(label, origin)| format!("{} （{}）", escaped(&label), escaped(&origin)));
    text += &list(guests, "ありません。");
    text += "<h2>許可された接続元</h2>";
    let origins = state.approvals.origins();
    text += &list(
        origins.map(|origin| escaped(&origin.to_string())),
        "ありません。<code>run --allow-origin</code> で指定してください。",
    );
    text += &format!(
        "<p class=note>断った接続: {}件</p></html>",
        state.refused.total()
    );
    Html(text)
}

fn list(items: impl Iterator<Item = String>, none: &str) -> String {
    let items: String = items.map(|item| format!("<li>{item}</li>")).collect();
    if items.is_empty() {
        format!("<p>{none}</p>")
    } else {
        format!("<ul>{items}</ul>")
    }
}

const fn service_text(service: ServiceState) -> &'static str {
    match service {
        ServiceState::Available => "動いています。",
        ServiceState::Unavailable => {
            "動いていません。再接続を続けています。<code>shikaku-reader-bridge doctor</code> で確かめられます。"
        }
        ServiceState::Stuck => {
            "応答しません。カードリーダーをつなぎ直すか、サービスを再起動してください。"
        }
        ServiceState::Denied => {
            "使う権限がありません。<code>shikaku-reader-bridge doctor</code> で確かめられます。"
        }
    }
}

fn reader_text(reader: &ReaderState) -> String {
    let card = match reader.card {
        CardState::Absent => "カードなし",
        CardState::Present { .. } => "カードあり",
        CardState::Mute => "カードが応答しません",
        CardState::InUseElsewhere { .. } => "ほかのプログラムが使用中",
    };
    let holder = reader.holder.as_ref().map_or_else(String::new, |holder| {
        format!(
            "、使用中: {} （{}秒前から）",
            escaped(&holder.label),
            holder.held_for_seconds
        )
    });
    format!("{} — {card}{holder}", escaped(&reader.name))
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&#39;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}
