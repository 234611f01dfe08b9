//! 「医療機関の登録簿」: by what is written here institutions are called back and written to.

mod edit;
mod import;
mod table;

use domain::identifier::MedicalInstitutionCode;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{InstitutionPage, RegisteredInstitution};

use crate::api::{self, Error};
use crate::components::field::TextField;
use crate::session::Session;
use crate::task::Task;
use edit::EditDialog;
use import::Import;
use table::Table;

/// What is on the page, and what is being done.
#[derive(Clone, Copy)]
struct Desk {
    session: Session,
    loading: Task,
    /// What is looked for, in force.
    text: RwSignal<String>,
    rows: RwSignal<Vec<RegisteredInstitution>>,
    next: RwSignal<Option<MedicalInstitutionCode>>,
    /// `None` until the service has answered.
    total: RwSignal<Option<u32>>,
    failure: RwSignal<Option<Error>>,
    /// What is being written, if anything.
    edited: RwSignal<Option<Edited>>,
}

/// What is written into the register.
#[derive(Clone)]
enum Edited {
    New,
    Known(RegisteredInstitution),
}

impl Desk {
    /// Asks for the first rows of what is looked for.
    fn begin(self, text: String) {
        self.text.set(text);
        self.rows.set(Vec::new());
        self.next.set(None);
        self.total.set(None);
        self.load();
    }

    /// Asks for the next rows.
    fn load(self) {
        let (text, next) = (self.text.get_untracked(), self.next.get_untracked());
        self.loading.run(async move {
            let call = api::operator::institutions(&text, next.as_ref());
            match self.session.call(call).await {
                Some(Ok(page)) => self.answered(page),
                Some(Err(error)) => {
                    self.failure.try_set(Some(error));
                }
                None => {}
            }
        });
    }

    fn answered(self, page: InstitutionPage) {
        self.failure.try_set(None);
        self.rows.try_update(|rows| rows.extend(page.institutions));
        self.next.try_set(page.next);
        self.total.try_set(Some(page.total));
    }

    /// One was written: it is shown as it is now, where it stands.
    fn written(self, now: RegisteredInstitution) {
        let known = self.rows.try_update(|rows| {
            let same = |row: &&mut RegisteredInstitution| {
                row.medical_institution_code == now.medical_institution_code
            };
            let row = rows.iter_mut().find(same);
            row.map(|row| *row = now.clone()).is_some()
        });
        if known == Some(false) {
            self.begin(now.medical_institution_code.as_str().to_owned());
        }
    }
}

/// Searched, changed and added to; or taken in from a file.
#[component]
pub(super) fn Register() -> impl IntoView {
    let desk = Desk {
        session: Session::expect(),
        loading: Task::new(),
        text: RwSignal::new(String::new()),
        rows: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        total: RwSignal::new(None),
        failure: RwSignal::new(None),
        edited: RwSignal::new(None),
    };
    desk.load();
    let typed = RwSignal::new(String::new());
    // What is looked for after something was added is shown as looked for.
    Effect::new(move |_| typed.set(desk.text.get()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        desk.begin(typed.get_untracked().trim().to_owned());
    };
    view! {
        <p class="lead">"電話確認と利用報告書の送付には、ここに登録した電話番号とメールアドレスだけを使います。"</p>
        <form class="operator__search" role="search" on:submit=submit novalidate=true>
            <TextField
                id="register-text"
                label="医療機関・薬局名または医療機関コード"
                value=typed
                error=Signal::derive(|| None::<String>)
                on_input=Callback::new(move |text| typed.set(text))
                beside=view! {
                    <button type="submit" class="button button--outline">"絞り込む"</button>
                }
                .into_any()
            />
        </form>
        <p class="operator__ways">
            <button
                type="button"
                class="button button--solid"
                id="add-institution"
                on:click=move |_| desk.edited.set(Some(Edited::New))
            >
                "医療機関・薬局を追加"
            </button>
        </p>
        <Table desk />
        <Import desk />
        {move || desk.edited.get().map(|edited| view! { <EditDialog desk edited /> })}
    }
}
