//! The status page: what the bridge knows, for the person at this machine. It changes
//! nothing and asks for nothing.

use axum::extract::State;
use axum::response::Html;
use protocol::bridge::{CardState, ReaderState, ServiceState};

use crate::announce::spaced;
use crate::desk::ConnectionId;
use crate::pairing::pending::WaitingPage;
use crate::state::AppState;

/// A connection that there never is: nobody's view.
const NOBODY: ConnectionId = ConnectionId(0);

const STYLE: &str = "body{font:1rem/1.7 system-ui,sans-serif;max-width:44rem;margin:2rem auto;\
    padding:0 1rem;color:#1a1a1a;background:#fff}h1{font-size:1.35rem}h2{font-size:1rem;\
    margin:1.6rem 0 .2rem}p,ul{margin:.2rem 0}ul{padding-left:1.2rem}section{border:2px solid \
    #b45309;border-radius:.5rem;padding:.2rem 1rem 1rem;margin-top:1rem}.code{font-size:2.6rem;\
    font-weight:700;letter-spacing:.06em;line-height:1.3}.note{color:#555}code{background:#f1f1f1;\
    padding:.1rem .3rem;border-radius:.2rem}";

pub(crate) async fn page(State(state): State<AppState>) -> Html<String> {
    let (service, readers) = state.hub.readers(NOBODY);
    let guests = state.hub.guests();
    let guests = guests.iter().map(|(label, origin)| place(label, origin));
    let origins = state.approvals.origins();
    let version = env!("CARGO_PKG_VERSION");
    let parts = [
        format!(
            "<!doctype html><html lang=ja><meta charset=utf-8>\
             <meta name=viewport content=\"width=device-width\">\
             <meta http-equiv=refresh content=3><title>shikaku-reader-bridge</title>\
             <style>{STYLE}</style><h1>カードリーダーの接続 <small>{version}</small></h1>\
             <p class=note>カードリーダーを画面につなぐプログラムの状態です。3秒ごとに更新されます。</p>"
        ),
        state.pending.pages().iter().map(pairing).collect(),
        format!("<h2>カードのサービス</h2><p>{}</p>", service_text(service)),
        list(
            "カードリーダー",
            readers.iter().map(reader_text),
            "ありません。",
        ),
        list("接続中の画面", guests, "ありません。"),
        list(
            "許可された接続元",
            origins.map(|origin| escaped(&origin.to_string())),
            "ありません。<code>run --allow-origin</code> で指定してください。",
        ),
        format!(
            "<p class=note>断った接続: {}件</p></html>",
            state.refused.total()
        ),
    ];
    Html(parts.concat())
}

fn pairing(page: &WaitingPage) -> String {
    let (place, shown, code) = (
        place(&page.label, &page.origin),
        spaced(&page.code),
        &page.code,
    );
    format!(
        "<section><h2>ペアリングの要求</h2><p>{place}</p><p class=code>{shown}</p>\
         <p>画面に同じ番号が出ているときだけ、この端末で次を実行してください。</p>\
         <p><code>shikaku-reader-bridge pair accept {code}</code></p></section>"
    )
}

fn list(title: &str, items: impl Iterator<Item = String>, none: &str) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        format!("<h2>{title}</h2><p>{none}</p>")
    } else {
        format!("<h2>{title}</h2><ul><li>{}</ul>", items.join("<li>"))
    }
}

fn place(label: &str, origin: &str) -> String {
    format!("{}（{}）", escaped(label), escaped(origin))
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
    let holder = reader.holder.as_ref().map(|holder| {
        let label = escaped(&holder.label);
        format!("、使用中: {label}（{}秒前から）", holder.held_for_seconds)
    });
    let name = escaped(&reader.name);
    format!("{name} — {card}{}", holder.unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_say_is_text() {
        let label = "<script>alert(1)</script>&\"'";
        let shown = place(label, "https://clinic.example");
        assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
        assert!(shown.contains("&lt;script&gt;"), "{shown}");
    }
}
