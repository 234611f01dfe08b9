//! What the 実施機関 asks of the service.

use domain::identifier::MedicalInstitutionCode;
use protocol::http::{
    BulkAct, BulkOutcome, InstitutionImport, InstitutionPage, InstitutionToRegister, OpeningId,
    OpeningPage, OpeningStage, OperatorAct, OperatorOpening, OperatorState, RegisteredInstitution,
    TelephoneRequest, UsageReport, path,
};
use wasm_bindgen::JsValue;

use super::events::Followed;
use super::{Error, decode, encode, fetch};

impl Followed for OperatorState {
    const PATH: &'static str = path::OPERATOR_EVENTS;
    fn revision(&self) -> u64 {
        self.revision
    }
}

/// Some openings of a stage, or those that need something, after one of them.
pub(crate) async fn openings(
    stage: Option<OpeningStage>,
    text: &str,
    after: Option<&OpeningId>,
) -> Result<OpeningPage, Error> {
    let members = [
        ("stage", stage.map(OpeningStage::code).unwrap_or_default()),
        ("text", text),
        ("after", after.map(OpeningId::as_str).unwrap_or_default()),
    ];
    let address = [path::OPERATOR_OPENINGS, &query(&members)].concat();
    decode(&fetch::send("GET", &address, None).await?)
}

/// One opening, and everything that was done for its institution.
pub(crate) async fn opening(id: &OpeningId) -> Result<OperatorOpening, Error> {
    decode(&fetch::send("GET", &of(id, ""), None).await?)
}

/// 「利用申請」 of an institution that called.
pub(crate) async fn request(request: &TelephoneRequest) -> Result<OperatorOpening, Error> {
    let body = Some(encode(request)?);
    decode(&fetch::send("POST", path::OPERATOR_OPENINGS, body).await?)
}

/// A step of one opening.
pub(crate) async fn act(id: &OpeningId, act: &OperatorAct) -> Result<OperatorOpening, Error> {
    decode(&fetch::send("POST", &of(id, "/acts"), Some(encode(act)?)).await?)
}

/// A step of many.
pub(crate) async fn bulk(bulk: &BulkAct) -> Result<BulkOutcome, Error> {
    decode(&fetch::send("POST", path::OPERATOR_BULK, Some(encode(bulk)?)).await?)
}

/// 利用報告書, once it was handed in.
pub(crate) async fn report(id: &OpeningId) -> Result<UsageReport, Error> {
    decode(&fetch::send("GET", &of(id, "/report"), None).await?)
}

/// Some institutions of the register, after a code.
pub(crate) async fn institutions(
    text: &str,
    after: Option<&MedicalInstitutionCode>,
) -> Result<InstitutionPage, Error> {
    let after = after
        .map(MedicalInstitutionCode::as_str)
        .unwrap_or_default();
    let query = query(&[("text", text), ("after", after)]);
    let address = [path::OPERATOR_INSTITUTIONS, &query].concat();
    decode(&fetch::send("GET", &address, None).await?)
}

/// Writes an institution into the register, new or as it is now.
pub(crate) async fn register(
    code: &MedicalInstitutionCode,
    institution: &InstitutionToRegister,
) -> Result<RegisteredInstitution, Error> {
    let address = [path::OPERATOR_INSTITUTIONS, "/", code.as_str()].concat();
    decode(&fetch::send("PUT", &address, Some(encode(institution)?)).await?)
}

/// Takes a file into the register; its bytes, as they are.
pub(crate) async fn import(file: JsValue) -> Result<InstitutionImport, Error> {
    decode(&fetch::send_csv(path::OPERATOR_INSTITUTION_FILE, file).await?)
}

fn of(id: &OpeningId, what: &str) -> String {
    [path::OPERATOR_OPENINGS, "/", id.as_str(), what].concat()
}

/// Behind the address: what there is of these, with `?`.
fn query(members: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in members {
        if !value.is_empty() {
            query.push(if query.is_empty() { '?' } else { '&' });
            let value = String::from(js_sys::encode_uri_component(value));
            query.extend([name, "=", &value]);
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::query;

    #[wasm_bindgen_test]
    fn what_is_typed_stays_one_value() {
        let table: [(&[(&str, &str)], &str); 4] = [
            (&[], ""),
            (&[("stage", ""), ("text", "")], ""),
            (
                &[("stage", "opened"), ("text", "a&b=c")],
                "?stage=opened&text=a%26b%3Dc",
            ),
            (&[("text", ""), ("after", "x")], "?after=x"),
        ];
        for (members, expected) in table {
            assert_eq!(query(members), expected);
        }
    }
}
