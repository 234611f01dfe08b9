//! 「まとめて照会」, and what to do with the whole.

use leptos::prelude::*;

use super::book::Book;
use crate::components::dialog::Confirm;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::notebook::entry::{State, counts};
use crate::notebook::export::{self, Line};
use crate::notebook::run::{self, Ending};
use crate::notebook::storing::StoringError;

/// Which notes are to be destroyed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doomed {
    Confirmed,
    All,
}

/// The buttons, the counts, and how the run goes.
#[component]
pub(super) fn Running(book: Book) -> impl IntoView {
    let doomed = RwSignal::new(None::<Doomed>);
    let begin = move |again: bool| {
        let Some(key) = book.key.get_untracked() else {
            return;
        };
        book.ending.set(None);
        book.run.run(async move {
            let ending = run::all(book.session, key, again, book.watch).await;
            book.watch.asked.try_set(None);
            book.ending.try_set(Some(ending));
            book.refresh();
        });
    };
    let stop = move |_| {
        book.stop_asking();
        dom::focus_soon("ask-all");
    };
    let has_rows = Memo::new(move |_| book.rows.with(|rows| !rows.is_empty()));
    let has_key = Memo::new(move |_| book.key.with(Option::is_some));
    let states = move || {
        book.rows
            .with(|rows| counts(rows.iter().map(|row| row.entry.state)))
    };
    let ended_without = move || {
        let counts = states();
        counts[3].1 + counts[4].1
    };
    let export = move |_| export_all(book);
    let actions = move || {
        (has_rows.get() && has_key.get() && !book.run.is_running()).then(|| view! {
            <div class="note-run__actions">
                <button
                    type="button"
                    class="button button--solid"
                    id="ask-all"
                    disabled=move || book.unasked() == 0
                    on:click=move |_| begin(false)
                >
                    "まとめて照会（"{move || book.unasked()}"件）"
                </button>
                {move || (ended_without() > 0).then(|| view! {
                    <button type="button" class="button button--outline" id="ask-again" on:click=move |_| begin(true)>
                        "見つからなかった控えも、もう一度照会"
                    </button>
                })}
                <button type="button" class="button button--outline" id="export" on:click=export>
                    "結果を書き出す（CSV）"
                </button>
                <button
                    type="button"
                    class="button button--outline"
                    id="destroy-confirmed"
                    disabled=move || states()[1].1 == 0
                    on:click=move |_| doomed.set(Some(Doomed::Confirmed))
                >
                    "確認済の控えを破棄"
                </button>
                <button type="button" class="button button--text" id="destroy-all" on:click=move |_| doomed.set(Some(Doomed::All))>
                    "すべて破棄"
                </button>
            </div>
            <p class="note-run__hint">
                "書き出したファイルは暗号化されません。用が済んだら消してください。"
            </p>
        })
    };
    view! {
        <section class="note-run" aria-label="まとめて照会">
            {move || has_rows.get().then(|| view! {
                <h2 class="note-run__title">"控えの一覧"</h2>
                <ul class="note-run__counts" id="note-counts">
                    {move || states().into_iter().filter(|(_, count)| *count > 0).map(|(state, count)| view! {
                        <li><span class=state.class()>{state.label()}</span>" "{count}"件"</li>
                    }).collect_view()}
                </ul>
            })}
            {actions}
            <Progress book stop=Callback::new(stop) />
            <div role="status" id="note-ending">
                {move || book.ending.get().map(|ending| view! { <Ended ending /> })}
            </div>
            <Destroying book doomed />
        </section>
    }
}

/// Asks first: it is a person's act.
#[component]
fn Destroying(book: Book, doomed: RwSignal<Option<Doomed>>) -> impl IntoView {
    let destroy = Callback::new(move |()| {
        let which = doomed.get_untracked();
        doomed.set(None);
        book.destroy(doomed_ids(book, which));
        dom::focus_soon("heading");
    });
    move || {
        doomed.get().map(|which| view! {
        <Confirm
            question=match which {
                Doomed::Confirmed => "確認済の控えを破棄しますか",
                Doomed::All => "すべての控えを破棄しますか",
            }
            text="破棄した控えは元に戻せません。結果が必要なときは、先に書き出してください。"
            yes="破棄する"
            on_yes=destroy
            on_no=Callback::new(move |()| doomed.set(None))
        />
    })
    }
}

/// The outcomes as a file.
fn export_all(book: Book) {
    book.rows.with_untracked(|rows| {
        let lines = rows.iter().filter_map(|row| {
            Some(Line {
                written_at: row.entry.written_at,
                state: row.entry.state,
                note: row.note.as_ref()?,
                found: row.found.as_ref(),
            })
        });
        dom::download("hikae.csv", "text/csv;charset=utf-8", &export::file(lines));
    });
}

/// The notes that are to be destroyed.
fn doomed_ids(book: Book, which: Option<Doomed>) -> Vec<String> {
    book.rows.with_untracked(|rows| {
        let doomed = rows.iter().filter(|row| match which {
            Some(Doomed::Confirmed) => row.entry.state == State::Confirmed,
            Some(Doomed::All) => true,
            None => false,
        });
        doomed.map(|row| row.entry.id.clone()).collect()
    })
}

#[component]
fn Progress(book: Book, stop: Callback<leptos::ev::MouseEvent>) -> impl IntoView {
    let progress = book.watch.progress;
    let is_waiting = Memo::new(move |_| book.watch.waits.get().is_some());
    move || {
        book.run.is_running().then(|| view! {
            <div class="note-run__progress" id="note-progress">
                <p role="status" class="note-run__words">
                    {move || if is_waiting.get() {
                        "サーバーの応答を待って、続きから照会します。"
                    } else {
                        "照会しています。この画面を開いたままにしてください。"
                    }}
                </p>
                <progress
                    class="note-run__bar"
                    aria-label="照会の進み"
                    max=move || progress.get().1.to_string()
                    prop:value=move || i32::try_from(progress.get().0).unwrap_or(i32::MAX)
                ></progress>
                <p class="note-run__numbers" aria-live="off">
                    {move || progress.get().0}"／"{move || progress.get().1}"件"
                    {move || book.watch.waits.get().map(|rest| view! { "　あと"{rest}"秒" })}
                </p>
                <button type="button" class="button button--outline" id="stop-asking" on:click=move |click| stop.run(click)>
                    "中断する"
                </button>
            </div>
        })
    }
}

#[component]
fn Ended(ending: Ending) -> impl IntoView {
    let (tone, title, text) = match ending {
        Ending::Stopped(error) => {
            return view! {
                <ProblemNotice error>
                    <p>"照会を止めました。済んだ分は残っています。「まとめて照会」を押すと、続きから照会します。"</p>
                </ProblemNotice>
            }
            .into_any();
        }
        Ending::LoggedOut => return ().into_any(),
        Ending::Done => (
            Tone::Information,
            "照会が終わりました",
            "「複数該当」は候補から選び、「条件不足」と「該当なし」は条件を直して照会してください。",
        ),
        Ending::Elsewhere => (
            Tone::Attention,
            "別のタブで照会しています",
            "照会は、1つのタブだけで進めます。結果は、この画面にも出ます。",
        ),
        Ending::NotKept(StoringError::Full) => (
            Tone::Error,
            "結果を残せないため、照会を止めました",
            "端末の空き容量が足りません。不要なファイルを消してから、もう一度「まとめて照会」を押してください。",
        ),
        Ending::NotKept(StoringError::Failed) => (
            Tone::Error,
            "結果を残せないため、照会を止めました",
            "ブラウザーが保存を断りました。再読み込みしてから、もう一度「まとめて照会」を押してください。",
        ),
    };
    view! { <Notice tone title><p>{text}</p></Notice> }.into_any()
}
