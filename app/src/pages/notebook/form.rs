//! The form: the search's conditions, and a remark.

use domain::search::Field;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::book::Book;
use crate::components::field::TextField;
use crate::components::notice::{Notice, Tone};
use crate::components::toast::Toast;
use crate::dom;
use crate::notebook::entry::{Entry, Note};
use crate::notebook::fitness::Fitness;
use crate::notebook::key::Keeper;
use crate::notebook::run::{self, Asked};
use crate::notebook::storing::{self, StoringError};
use crate::pages::search::fields::{DateField, Fields};
use crate::pages::search::form::ConditionFields;
use crate::pages::search::summary::{self, ErrorSummary};
use crate::task::Task;

const PROBLEM: &str = "note-problem";

/// Why a note was not kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Problem {
    Storing(StoringError),
    /// Another tab changed or destroyed it.
    Overtaken,
}

/// Notes a patient, or corrects what was noted.
#[component]
pub(super) fn NoteForm(book: Book) -> impl IntoView {
    let fields = Fields::of(book.model);
    let task = Task::new();
    let toast = Toast::expect();
    let problem = RwSignal::new(None::<Problem>);
    let save = move || {
        problem.set(None);
        if task.is_running_untracked() {
            return;
        }
        task.run(async move {
            match keep(book).await {
                Ok(()) => {
                    toast.say("控えを暗号化して、この端末に残しました。");
                    book.refresh();
                    dom::focus_soon(Field::Name.code());
                }
                Err(why) => {
                    problem.try_set(Some(why));
                    dom::focus_soon(PROBLEM);
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let today = book.session.today();
        let is_whole = book.model.try_update(|model| model.submit(today).is_some());
        if is_whole == Some(true) {
            save();
        } else {
            dom::focus_soon(summary::ID);
        }
    };
    let is_correction = move || book.corrected.with(Option::is_some);
    let is_incomplete = Memo::new(move |_| fields.are_checked() && has_something(book));
    view! {
        <form
            class="conditions note-form"
            id="note-form"
            // Should the app have stopped, what was typed must not go into the address.
            method="post"
            autocomplete="off"
            novalidate=true
            aria-label="控えの記入"
            on:submit=submit
        >
            {move || is_correction().then(|| view! {
                <h2 class="note-form__title">"控えを直す"</h2>
            })}
            <div role="alert">
                {move || problem.get().map(|why| view! { <NotKept why /> })}
            </div>
            <ErrorSummary fields />
            {move || is_incomplete.get().then(|| view! {
                <p class="note-form__incomplete">
                    <span>"分からない項目があるときは、このまま控えて、あとで直せます。照会は、直してからになります。"</span>
                    <button type="button" class="button button--outline" id="note-anyway" on:click=move |_| save()>
                        "このまま控える"
                    </button>
                </p>
            })}
            <ConditionFields fields />
            <div class="conditions__pair">
                <DateField fields field=Field::QualificationConfirmationDate hint="受診した日" />
                <TextField
                    id="remark"
                    label="備考"
                    hint="患者番号など"
                    value=book.remark
                    error=Signal::derive(|| None::<String>)
                    on_input=Callback::new(move |text| book.remark.set(text))
                />
            </div>
            <div class="conditions__actions note-form__actions">
                <button
                    type="submit"
                    class="button button--solid"
                    id="note"
                    aria-disabled=move || task.is_running().then_some("true")
                >
                    {move || if is_correction() { "直して照会する" } else { "控える" }}
                </button>
                <button type="button" class="button button--text" id="note-clear" on:click=move |_| book.clear()>
                    {move || if is_correction() { "直すのをやめる" } else { "入力をクリア" }}
                </button>
            </div>
        </form>
    }
}

#[component]
fn NotKept(why: Problem) -> impl IntoView {
    let text = match why {
        Problem::Storing(StoringError::Full) => {
            "端末の空き容量が足りません。入力した内容は、この画面に残っています。不要なファイルを消してからもう一度押すか、紙に控えてください。"
        }
        Problem::Storing(StoringError::Failed) => {
            "ブラウザーが保存を断りました。入力した内容は、この画面に残っています。もう一度押すか、紙に控えてください。"
        }
        Problem::Overtaken => {
            "この控えは、別の画面で直されたか、破棄されました。入力した内容は、この画面に残っています。「直すのをやめる」を押すと、今の内容を見られます。"
        }
    };
    view! {
        <Notice tone=Tone::Error title="控えを残せませんでした" id=PROBLEM>
            <p>{text}</p>
        </Notice>
    }
}

fn has_something(book: Book) -> bool {
    let remark = book.remark.with(|remark| !remark.trim().is_empty());
    remark
        || book
            .model
            .with(crate::pages::search::model::Model::has_typed)
}

/// Keeps what is in the form; then the form is empty.
async fn keep(book: Book) -> Result<(), Problem> {
    let note = Note {
        form: book.model.with_untracked(|model| model.form().clone()),
        remark: book.remark.get_untracked(),
    };
    let key = book.key.get_untracked();
    let keeper = match (&key, book.fitness.get_untracked()) {
        (Some(key), _) => key.keeper.clone(),
        (None, Some(Fitness::Fit { keeper, .. })) => keeper,
        _ => return Err(Problem::Storing(StoringError::Failed)),
    };
    if let Some(entry) = book.corrected.get_untracked() {
        correct(&keeper, &entry, &note).await?;
        ask_again(book, &entry.id);
    } else {
        let mut entry = keeper.entry(&note).await.map_err(Problem::Storing)?;
        entry.met_at = key.and_then(|key| key.service_now());
        storing::add(&entry).await.map_err(Problem::Storing)?;
    }
    book.clear();
    Ok(())
}

async fn correct(keeper: &Keeper, entry: &Entry, note: &Note) -> Result<(), Problem> {
    let sealed = keeper.note(&entry.id, note).await;
    let corrected = entry.corrected(sealed.map_err(Problem::Storing)?);
    match storing::replace(&corrected).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Problem::Overtaken),
        Err(error) => Err(Problem::Storing(error)),
    }
}

/// A corrected note is asked about at once. Where that fails it stays 未照会.
fn ask_again(book: Book, id: &str) {
    let id = id.to_owned();
    leptos::task::spawn_local(async move {
        let Some(key) = book.key.try_get_untracked().flatten() else {
            return;
        };
        if let Ok(Some(entry)) = storing::entry(&id).await
            && let Some(Ok(asked)) = run::ask_one(book.session, &key, &entry).await
        {
            let (state, found) = match asked {
                Asked::Ended(state, found, _) => (state, found),
                Asked::Choice(_) => (crate::notebook::entry::State::Several, None),
            };
            let _ = run::store(&key, &entry, state, found).await;
            book.refresh();
        }
    });
}
