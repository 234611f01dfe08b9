//! The notes: readable while somebody is logged in, else only counted.

use domain::code::Sex;
use domain::timestamp::Timestamp;
use leptos::prelude::*;

use super::book::{Book, Row};
use super::choosing::Choosing;
use crate::components::dialog::Confirm;
use crate::components::notice::{Notice, Tone};
use crate::dom;
use crate::notebook::entry::{Note, State};
use crate::text;

const COLUMNS: [&str; 5] = ["控えた日時", "状態", "患者", "結果", "操作"];

/// All of them.
#[component]
pub(super) fn Notes(book: Book) -> impl IntoView {
    let doomed = RwSignal::new(None::<String>);
    let has_key = Memo::new(move |_| book.key.with(Option::is_some));
    let heads = move || {
        let heads = COLUMNS.map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
        heads.into_iter().collect_view()
    };
    let destroy = Callback::new(move |()| {
        let id = doomed.get_untracked();
        doomed.set(None);
        book.destroy(id.into_iter().collect());
        dom::focus_soon("heading");
    });
    view! {
        {move || book.unreadable.get().map(|_| view! {
            <Notice tone=Tone::Error title="控えを読み込めませんでした">
                <p>"再読み込みしてください。改善しなければ、同じ端末の別のウィンドウを閉じてから、もう一度開いてください。"</p>
            </Notice>
        })}
        {move || {
            if book.rows.with(Vec::is_empty) {
                return ().into_any();
            }
            if !has_key.get() {
                return view! { <Sealed book /> }.into_any();
            }
            view! {
                <table class="table notes" id="notes" role="table">
                    <caption class="visually-hidden">"控えの一覧"</caption>
                    <thead role="rowgroup"><tr role="row">{heads()}</tr></thead>
                    <tbody role="rowgroup">
                        <For
                            each=move || book.rows.get()
                            key=|row| (row.entry.id.clone(), row.entry.revision, row.note.is_some())
                            children=move |row| view! { <NoteRow book row doomed /> }
                        />
                    </tbody>
                </table>
            }
            .into_any()
        }}
        {move || {
            let others = book.others.get();
            (others > 0).then(|| view! {
                <p class="note-others">"この端末には、ほかの医療機関・薬局の控えが"{others}"件あります（ここでは読めません）。"</p>
            })
        }}
        {move || doomed.get().map(|_| view! {
            <Confirm
                question="この控えを破棄しますか"
                text="破棄した控えは元に戻せません。"
                yes="破棄する"
                on_yes=destroy
                on_no=Callback::new(move |()| doomed.set(None))
            />
        })}
    }
}

/// How many there are, and since when: nothing that was typed.
#[component]
fn Sealed(book: Book) -> impl IntoView {
    let latest = move || {
        book.rows.with(|rows| {
            let latest = rows.iter().map(|row| row.entry.written_at).max();
            latest.map(|at| text::moment(Timestamp::from_unix_milliseconds(at)))
        })
    };
    view! {
        <p class="note-sealed" id="note-sealed">
            "この端末に、暗号化した控えが"<strong>{move || book.rows.with(Vec::len)}"件"</strong>
            "あります（最後に控えたのは"{latest}"）。"
        </p>
    }
}

#[component]
fn NoteRow(book: Book, row: Row, doomed: RwSignal<Option<String>>) -> impl IntoView {
    let Row { entry, note, found } = row;
    let (id, state) = (entry.id.clone(), entry.state);
    let asked_id = id.clone();
    let is_asked = Memo::new(move |_| {
        book.watch
            .asked
            .with(|asked| asked.as_ref() == Some(&asked_id))
    });
    let written = text::moment(Timestamp::from_unix_milliseconds(entry.written_at));
    let name = note
        .as_ref()
        .map_or("（読み取れません）", Note::called)
        .to_owned();
    let result = match (&found, state) {
        (Some(found), _) => view! {
            <span class="notes__found">
                <strong>{found.validity.clone()}</strong>
                <span>{found.insurer_name.clone()}"（"{found.insurer_number.clone()}"）"</span>
                <span>{found.card()}</span>
            </span>
        }
        .into_any(),
        (None, State::Several) => view! { "候補から選んでください" }.into_any(),
        (None, State::NotFound) => view! { "条件を直して、もう一度照会してください" }.into_any(),
        (None, State::Insufficient) => missing(book, note.as_ref()).into_any(),
        (None, _) => view! { "―" }.into_any(),
    };
    let correct = note.clone().map(|note| {
        let entry = entry.clone();
        let label = [&name, "の控えを直す"].concat();
        let begin = move |_| {
            book.correct(entry.clone(), note.clone());
            dom::focus_soon(domain::search::Field::Name.code());
        };
        view! {
            <button type="button" class="button button--text button--small" aria-label=label on:click=begin>
                "直す"
            </button>
        }
    });
    let destroy_label = [&name, "の控えを破棄"].concat();
    let destroy = move |_| doomed.set(Some(id.clone()));
    let patient = view! {
        <span class="notes__patient">
            <span class="notes__name">{name.clone()}</span>
            {note.as_ref().map(details)}
        </span>
    };
    view! {
        <tr class="notes__row" role="row">
            <td class="table__cell" role="cell" data-label=COLUMNS[0]>{written}</td>
            <td class="table__cell" role="cell" data-label=COLUMNS[1]>
                {move || if is_asked.get() {
                    view! { <span class="note-state note-state--asked">"照会中"</span> }
                } else {
                    view! { <span class=state.class()>{state.label()}</span> }
                }}
            </td>
            <td class="table__cell" role="cell" data-label=COLUMNS[2]>{patient}</td>
            <td class="table__cell" role="cell" data-label=COLUMNS[3]>{result}</td>
            <td class="table__cell" role="cell" data-label=COLUMNS[4]>
                <div class="notes__actions">
                    <Choosing book entry found name />
                    {correct}
                    <button type="button" class="button button--text button--small" aria-label=destroy_label on:click=destroy>
                        "破棄"
                    </button>
                </div>
            </td>
        </tr>
    }
}

impl Note {
    /// What the patient is called in the list.
    fn called(&self) -> &str {
        match (&*self.form.name, &*self.form.name_kana) {
            ("", "") => "（氏名なし）",
            ("", kana) => kana,
            (name, _) => name,
        }
    }
}

/// Everything else that was typed.
fn details(note: &Note) -> impl IntoView + use<> {
    let form = &note.form;
    let kana = if form.name.is_empty() {
        ""
    } else {
        &form.name_kana
    };
    let sex = form.sex1.parse::<Sex>().map_or("", Sex::label);
    let parts = [
        kana,
        &form.birthdate,
        sex,
        &form.address,
        &form.insurer_name,
        &note.remark,
    ];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    let parts = parts.map(|part| view! { <span class="notes__detail">{part.to_owned()}</span> });
    parts.collect_view()
}

/// What has to be mended: the form's own words, or that too many fit.
fn missing(book: Book, note: Option<&Note>) -> String {
    let today = book.session.today();
    let broken = note.and_then(|note| note.form.parse(today).err());
    match broken {
        Some(broken) => {
            let texts: Vec<_> = broken.iter().map(|it| it.rule.to_string()).collect();
            texts.join("。")
        }
        None => "該当者が多すぎます。条件を加えてください".to_owned(),
    }
}
