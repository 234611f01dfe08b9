//! `POST /api/bench/crowd`: so many institutions with somebody logged in.
//!
//! Only with the feature `bench`, for `cargo xtask bench`: what a morning is measured with
//! would take a password for each, and with it longer than the morning.

use axum::Json;
use axum::extract::State;
use domain::account::{Role, UserId};
use domain::audit::Action;
use domain::identifier::MedicalInstitutionCode;
use serde::Deserialize;

use crate::error::ApiError;
use crate::extract::{Body, Operator};
use crate::session::Token;
use crate::state::AppState;
use crate::store::{AuditEvent, Audited, Institution, NewAccount};

pub(crate) const PATH: &str = "/api/bench/crowd";

/// Made in one transaction.
const TOGETHER: u32 = 500;

/// The code of the first one.
const FIRST_CODE: u64 = 1_400_000_000;

#[derive(Deserialize)]
pub(crate) struct Crowd {
    institutions: u32,
    password: String,
}

/// The sessions' tokens, in the order of the institutions' codes.
pub(crate) async fn run(
    State(state): State<AppState>,
    _: Operator,
    Body(crowd): Body<Crowd>,
) -> Result<Json<Vec<String>>, ApiError> {
    let entropy = state.entropy.clone();
    let password_hash = state.passwords.hash(crowd.password, entropy).await?;
    let mut tokens = Vec::new();
    for first in (0..crowd.institutions).step_by(TOGETHER as usize) {
        let end = crowd.institutions.min(first + TOGETHER);
        let entropy = state.entropy.clone();
        let password_hash = password_hash.clone();
        let work = move |writer: &crate::store::Writer<'_>| {
            let mut made = Vec::new();
            for number in first..end {
                let Some(new) = new_account(number, &password_hash) else {
                    continue;
                };
                let Some(account) = writer.add_account(&new)? else {
                    continue;
                };
                let token = Token::new(&*entropy)?;
                writer.begin_session(account, &token.hash())?;
                made.push(token.as_str().to_owned());
            }
            let event = AuditEvent::new(Action::AccountAdded, None);
            Ok::<_, ApiError>(Audited::new(made, event.outcome("bench")))
        };
        tokens.extend(state.store.write(state.now(), work).await?);
    }
    Ok(Json(tokens))
}

fn new_account(number: u32, password_hash: &str) -> Option<NewAccount> {
    let code = FIRST_CODE + u64::from(number);
    let code: MedicalInstitutionCode = code.to_string().parse().ok()?;
    let user_id: UserId = format!("crowd-{number}").parse().ok()?;
    Some(NewAccount {
        institution: Institution {
            medical_institution_code: code,
            name: format!("架空医院{number}"),
        },
        user_id,
        role: Role::Staff,
        password_hash: password_hash.to_owned(),
        is_demo: false,
        one_time_until: None,
    })
}
