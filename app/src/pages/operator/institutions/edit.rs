//! One institution of the register: changed, or added.

use domain::identifier::MedicalInstitutionCode;
use domain::opening::{EmailAddress, Telephone};
use leptos::prelude::*;
use protocol::http::{InstitutionToRegister, RegisteredInstitution};

use super::super::ask::Ask;
use super::super::field::{Field, Typed, show_violations};
use super::super::words;
use super::{Desk, Edited};
use crate::api::{self, Error};
use crate::components::problem::ProblemNotice;
use crate::components::toast::Toast;
use crate::dom;
use crate::task::Task;

const PROBLEM: &str = "institution-problem";
const MOST_NAME: usize = 80;

/// Asks for what is registered; the code of one that is there can't be changed.
#[component]
pub(super) fn EditDialog(desk: Desk, edited: Edited) -> impl IntoView {
    let toast = Toast::expect();
    let task = Task::new();
    let failure = RwSignal::new(None::<Error>);
    let edited = match edited {
        Edited::New => None,
        Edited::Known(it) => Some(it),
    };
    let is_new = edited.is_none();
    let text = |of: fn(&RegisteredInstitution) -> &str| {
        edited
            .as_ref()
            .map_or_else(String::new, |it| of(it).to_owned())
    };
    let form = Form {
        code: Field::new(
            "institution-code",
            "medical_institution_code",
            &text(|it| it.medical_institution_code.as_str()),
        ),
        name: Field::new("institution-name", "name", &text(|it| &it.name)),
        telephone: Field::new(
            "institution-telephone",
            "telephone",
            &text(|it| it.telephone.as_ref().map_or("", Telephone::as_str)),
        ),
        email: Field::new(
            "institution-email",
            "email",
            &text(|it| it.email.as_ref().map_or("", EmailAddress::as_str)),
        ),
    };
    let on_yes = Callback::new(move |()| {
        failure.set(None);
        let Some((code, wanted)) = form.read() else {
            return;
        };
        task.run(async move {
            match write(desk, &code, &wanted, is_new).await {
                Some(Ok(Some(now))) => {
                    desk.edited.try_set(None);
                    toast.say("登録しました");
                    desk.written(now);
                }
                Some(Ok(None)) => form.code.refuse(THERE_ALREADY.to_owned()),
                Some(Err(error)) => {
                    let fields = [form.code, form.name, form.telephone, form.email];
                    if let Some(error) = show_violations(error, &fields) {
                        failure.try_set(Some(error));
                        dom::focus_soon(PROBLEM);
                    }
                }
                None => {}
            }
        });
    });
    let question = match &edited {
        Some(it) => ["「", &it.name, "」の登録を変更"].concat(),
        None => "医療機関・薬局を追加".to_owned(),
    };
    let code = edited.map(|it| {
        view! { <p>"医療機関コード：" {it.medical_institution_code.to_string()}</p> }.into_any()
    });
    let code = code.unwrap_or_else(|| {
        view! { <Typed field=form.code label="医療機関コード" hint="数字10桁" echo=doubt(form.code) /> }
            .into_any()
    });
    view! {
        <Ask
            question
            yes="登録する"
            is_busy=Signal::derive(move || task.is_running())
            on_yes
            on_no=Callback::new(move |()| {
                desk.edited.try_set(None);
            })
        >
            {code}
            <Typed field=form.name label="医療機関・薬局名" />
            <Typed field=form.telephone label="電話番号" hint="保険医療機関届に記載の番号" />
            <Typed field=form.email label="メールアドレス" />
            {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </Ask>
    }
}

const THERE_ALREADY: &str = "すでに登録されています。一覧の「変更」で書き換えてください";

#[derive(Clone, Copy)]
struct Form {
    code: Field,
    name: Field,
    telephone: Field,
    email: Field,
}

impl Form {
    /// What is typed, if it is right; else each field says what is wrong, the first one with the
    /// focus.
    fn read(self) -> Option<(MedicalInstitutionCode, InstitutionToRegister)> {
        let email = self.email.checked(|typed| {
            let email = typed.parse::<EmailAddress>();
            email.map_err(|error| error.to_string())
        });
        let telephone = self.telephone.checked(|typed| {
            let telephone = typed.parse::<Telephone>();
            telephone.map_err(|error| error.to_string())
        });
        let name = self.name.checked(|typed| words::needed(typed, MOST_NAME));
        let code = self.code.checked(|typed| {
            let code = typed.parse::<MedicalInstitutionCode>();
            code.map_err(|error| error.to_string())
        });
        let wanted = InstitutionToRegister {
            name: name?,
            telephone: telephone?.into(),
            email: email?.into(),
        };
        Some((code?, wanted))
    }
}

/// Old codes may not fit: it is said, and nothing more.
fn doubt(code: Field) -> Signal<Option<String>> {
    Signal::derive(move || {
        let code = code
            .text
            .with(|typed| typed.parse::<MedicalInstitutionCode>());
        let is_doubtful = code.is_ok_and(|code| !code.has_valid_check_digit());
        is_doubtful.then(|| "検証番号が合いません。番号を確かめてください".to_owned())
    })
}

/// Writes it; `None` inside if a new one is there already, which must not be written over unseen.
async fn write(
    desk: Desk,
    code: &MedicalInstitutionCode,
    wanted: &InstitutionToRegister,
    is_new: bool,
) -> Option<Result<Option<RegisteredInstitution>, Error>> {
    if is_new {
        let call = api::operator::institutions(code.as_str(), None);
        match desk.session.call(call).await? {
            Ok(page) => {
                let mut known = page.institutions.iter();
                if known.any(|known| known.medical_institution_code == *code) {
                    return Some(Ok(None));
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
    let written = desk
        .session
        .call(api::operator::register(code, wanted))
        .await?;
    Some(written.map(Some))
}
