//! The institution's screens, live.

use leptos::prelude::*;
use protocol::http::{ReaderScreenId, ReaderState};

use super::Desk;
use crate::components::dialog::Confirm;
use crate::components::waiting::Waiting;
use crate::text::moment;

/// A row for each screen.
#[component]
pub(super) fn ScreenList(desk: Desk) -> impl IntoView {
    let asked = RwSignal::new(None::<(ReaderScreenId, String)>);
    let readers = Memo::new(move |_| {
        let known = desk.feed.state().map(|state| state.readers);
        known.map(|readers| readers.iter().map(Screen::from).collect::<Vec<_>>())
    });
    let content = move || match readers.get() {
        None => view! {
            <div role="status"><Waiting text="読取画面の状態を確認しています…" /></div>
        }
        .into_any(),
        Some(readers) if readers.is_empty() => {
            view! { <p class="account__text">"まだ登録されていません。"</p> }.into_any()
        }
        Some(readers) => {
            let rows = readers.into_iter().map(|screen| row(screen, asked));
            view! {
                <table class="table accounts" id="screens">
                    <caption class="visually-hidden">"読取画面の一覧"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"名前"</th>
                            <th scope="col">"状態"</th>
                            <th scope="col">"モード"</th>
                            <th scope="col">"操作"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            }
            .into_any()
        }
    };
    let question = move || {
        asked.get().map(|(id, name)| {
            let question = ["「", &name, "」の登録を終了しますか"].concat();
            view! {
                <Confirm
                    question
                    text="その端末は、すぐに読取画面として使えなくなります。もう一度使うときは、登録し直します。"
                    yes="登録を終了"
                    on_yes=Callback::new(move |()| desk.end(id.clone()))
                    on_no=Callback::new(move |()| asked.set(None))
                />
            }
        })
    };
    view! {
        <section aria-labelledby="screens-title">
            <h2 class="account__title" id="screens-title">"登録されている読取画面"</h2>
            {content}
            {question}
        </section>
    }
}

/// What the list says of a screen.
#[derive(Clone, PartialEq, Eq)]
struct Screen {
    id: ReaderScreenId,
    name: String,
    state: String,
    is_visual: bool,
}

impl From<&ReaderState> for Screen {
    fn from(reader: &ReaderState) -> Self {
        Self {
            id: reader.id.clone(),
            name: reader.name.clone(),
            state: state(reader),
            is_visual: reader.visual_confirmation.is_some(),
        }
    }
}

/// Whether it is connected, and since when not.
fn state(reader: &ReaderState) -> String {
    match (reader.is_online, reader.last_seen_at) {
        (true, _) => "オンライン".to_owned(),
        (false, None) => "オフライン".to_owned(),
        (false, Some(at)) => ["オフライン（最終接続 ", &moment(at), "）"].concat(),
    }
}

fn row(screen: Screen, asked: RwSignal<Option<(ReaderScreenId, String)>>) -> impl IntoView {
    let Screen {
        id,
        name,
        state,
        is_visual,
    } = screen;
    let label = [&name, "：登録を終了"].concat();
    let shown = name.clone();
    view! {
        <tr class="table__row">
            <td class="table__cell" data-label="名前">{shown}</td>
            <td class="table__cell" data-label="状態">{state}</td>
            <td class="table__cell" data-label="モード">
                {if is_visual { "目視確認モード" } else { "通常モード" }}
            </td>
            <td class="table__cell" data-label="操作">
                <button
                    type="button"
                    class="button button--outline button--small"
                    aria-label=label
                    on:click=move |_| asked.set(Some((id.clone(), name.clone())))
                >
                    "登録を終了"
                </button>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use domain::timestamp::Timestamp;
    use protocol::http::CardReaderState;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_screen_that_is_away_says_since_when() {
        let at = Timestamp::from_unix_milliseconds(1_616_684_400_000);
        let table = [
            (true, None, "オンライン"),
            (false, None, "オフライン"),
            (false, Some(at), "オフライン（最終接続 2021/03/26 00:00）"),
        ];
        for (is_online, last_seen_at, expected) in table {
            let reader = ReaderState {
                id: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
                name: "受付1".to_owned(),
                is_online,
                last_seen_at,
                card_reader: CardReaderState::Unknown,
                visual_confirmation: None,
            };
            assert_eq!(state(&reader), expected);
        }
    }
}
