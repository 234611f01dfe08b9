//! 「電話で受けた申請を入力」.

use domain::identifier::MedicalInstitutionCode;
use domain::opening::{Cause, ContactName};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{RegisteredInstitution, TelephoneRequest};

use super::super::field::{Field, Typed, show_violations};
use super::List;
use crate::api::{self, Error};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::navigation::Navigator;
use crate::route::Route;
use crate::task::Task;

const PROBLEM: &str = "telephone-problem";
const MOST_REMARK: usize = 400;

/// The form; what comes of it is the opening's own page.
#[component]
pub(super) fn TelephoneForm(list: List, on_close: Callback<()>) -> impl IntoView {
    let navigator = Navigator::expect();
    let (looking, sending) = (Task::new(), Task::new());
    let code = Field::new("telephone-code", "medical_institution_code", "");
    let contact = Field::new("telephone-contact", "contact", "");
    let remark = Field::new("telephone-remark", "remark", "");
    let cause = RwSignal::new(Cause::Line.code());
    let found = RwSignal::new(None::<RegisteredInstitution>);
    let failure = RwSignal::new(None::<Error>);
    // Looked up as soon as it can be one: who is on the phone hears the name read back.
    Effect::new(move |_| {
        found.set(None);
        let typed = code.text.get();
        let Ok(wanted) = typed.parse::<MedicalInstitutionCode>() else {
            return looking.stop();
        };
        looking.run(async move {
            let call = api::operator::institutions(wanted.as_str(), None);
            match list.session.call(call).await {
                Some(Ok(page)) => {
                    let is_it = |it: &RegisteredInstitution| it.medical_institution_code == wanted;
                    let it = page.institutions.into_iter().find(is_it);
                    if it.is_none() {
                        code.wrong.try_set(Some(NOT_REGISTERED.to_owned()));
                    }
                    found.try_set(it);
                }
                Some(Err(error)) => {
                    failure.try_set(Some(error));
                }
                None => {}
            }
        });
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let Some(request) = request(code, contact, remark, cause.get_untracked()) else {
            return;
        };
        sending.run(async move {
            match list.session.call(api::operator::request(&request)).await {
                Some(Ok(opened)) => navigator.go(Route::OperatorOpening(opened.opening.id)),
                Some(Err(error)) => {
                    if let Some(error) = show_violations(error, &[code, contact, remark]) {
                        failure.try_set(Some(error));
                        dom::focus_soon(PROBLEM);
                    }
                }
                None => {}
            }
        });
    };
    let echo = Signal::derive(move || found.get().map(named));
    let causes =
        Cause::ALL.map(|cause| view! { <option value=cause.code()>{cause.label()}</option> });
    dom::focus_soon(code.id);
    view! {
        <section class="operator__form" aria-labelledby="telephone-title">
            <h2 class="account__title" id="telephone-title">"電話で受けた申請を入力"</h2>
            {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
            <form class="accounts__form" method="post" autocomplete="off" novalidate=true on:submit=submit>
                <Typed field=code label="医療機関コード" hint="数字10桁" echo />
                <Typed field=contact label="担当者名" />
                <div class="field">
                    <div class="field__head">
                        <label class="field__label" for="telephone-cause">"原因"</label>
                    </div>
                    <select
                        class="field__input"
                        id="telephone-cause"
                        on:change:target=move |event| {
                            if let Ok(chosen) = event.target().value().parse::<Cause>() {
                                cause.set(chosen.code());
                            }
                        }
                    >
                        {causes.into_iter().collect_view()}
                    </select>
                </div>
                <Typed field=remark label="備考" optional=true />
                <p class="operator__ways">
                    <button
                        type="submit"
                        class="button button--solid"
                        id="send-telephone"
                        disabled=move || sending.is_running()
                    >
                        "申請を登録"
                    </button>
                    <button type="button" class="button button--outline" on:click=move |_| on_close.run(())>
                        "入力をやめる"
                    </button>
                </p>
            </form>
        </section>
    }
}

const NOT_REGISTERED: &str =
    "登録簿にない医療機関コードです。番号を確かめるか、先に登録簿に登録してください";

fn request(
    code: Field,
    contact: Field,
    remark: Field,
    cause: &'static str,
) -> Option<TelephoneRequest> {
    let code = code.checked(|typed| {
        let code = typed.parse::<MedicalInstitutionCode>();
        code.map_err(|error| error.to_string())
    });
    let contact = contact.checked(|typed| {
        let name = typed.parse::<ContactName>();
        name.map_err(|error| error.to_string())
    });
    let remark = remark.checked(|typed| {
        domain::text::optional(typed, MOST_REMARK).map_err(|error| error.to_string())
    });
    Some(TelephoneRequest {
        medical_institution_code: code?.as_str().to_owned(),
        contact: contact?.as_str().to_owned(),
        cause: cause.to_owned(),
        remark: remark?.unwrap_or_default(),
    })
}

/// What the register says, to be read back.
fn named(institution: RegisteredInstitution) -> String {
    let doubt = if institution.has_valid_check_digit {
        ""
    } else {
        "（検証番号が合いません。番号を確かめてください）"
    };
    [&institution.name, doubt].concat()
}
