//! The description of the API, pinned: a change of it is visible in review.

use protocol::http::path;
use serde_json::Value;

use crate::harness::Service;

#[tokio::test]
async fn the_description_is_what_it_was() {
    let service = Service::new();
    let answer = service.stranger().get(path::OPENAPI).await;
    assert_eq!(answer.header("content-type"), "application/json");
    insta::assert_json_snapshot!("openapi", answer.json::<Value>());
}

#[tokio::test]
async fn every_operation_has_a_name_and_every_answer_a_description() {
    let service = Service::new();
    let description: Value = service.stranger().get(path::OPENAPI).await.json();
    let mut names = std::collections::BTreeSet::new();
    for item in description["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name}");
            for answer in operation["responses"].as_object().unwrap().values() {
                assert!(answer["description"].is_string(), "{name} {answer}");
            }
        }
    }
}

#[tokio::test]
async fn every_address_of_the_protocol_is_described() {
    let service = Service::new();
    let description: Value = service.stranger().get(path::OPENAPI).await.json();
    for address in [
        path::HEALTH,
        path::LIVE,
        path::READY,
        path::ABOUT,
        path::SESSION,
        path::PASSKEY_LOG_IN,
        path::PASSKEYS,
        path::PASSKEY_CHALLENGE,
        path::RENAME_PASSKEY,
        path::REMOVE_PASSKEY,
        path::PASSKEY_RULE,
        path::RESET_PASSKEYS,
        path::ACTIVITY,
        path::UNLOCK,
        path::EVERYWHERE,
        path::PASSWORD,
        path::ACCOUNTS,
        path::DISABLE_ACCOUNT,
        path::RESET_ACCOUNT,
        path::SEARCHES,
        path::PASSCODES,
        path::CARD_LINKS,
        path::CONSENTS_ASKED,
        path::CLAIM_GUIDANCE,
        path::NOTEBOOK_KEY,
        path::NOTEBOOK_RULE,
        path::NOTEBOOK_DESTRUCTIONS,
        path::AUDIT,
        path::AUDIT_EXPORT,
        path::EVENTS,
        path::READER_SCREENS,
        &[path::READER_SCREENS, "/{screen}"].concat(),
        &[path::READER_SCREENS, "/{screen}/visual-confirmation"].concat(),
        &[path::VISUAL_CONFIRMATIONS, "/{id}"].concat(),
        &[path::VISUAL_CONFIRMATIONS, "/{id}/confirmation"].concat(),
        &[path::VISUAL_CONFIRMATIONS, "/{id}/following"].concat(),
        &[path::VISUAL_CONFIRMATIONS, "/{id}/result"].concat(),
        path::READER,
        path::READER_DEMO,
        path::READER_EVENTS,
        path::READER_REPORT,
        path::READER_PASSCODE,
        &[path::READER_VISUAL_CONFIRMATIONS, "/{id}"].concat(),
        &[path::READER_VISUAL_CONFIRMATIONS, "/{id}/confirmation"].concat(),
        &[path::READER_VISUAL_CONFIRMATIONS, "/{id}/activity"].concat(),
        &[path::READER_VISUAL_CONFIRMATIONS, "/{id}/card"].concat(),
        &[path::READER_VISUAL_CONFIRMATIONS, "/{id}/consents"].concat(),
        &[path::ELIGIBILITY, "/{candidate}"].concat(),
        path::OPENING,
        &[path::OPENING, "/withdrawal"].concat(),
        &[path::OPENINGS, "/{id}/report"].concat(),
        &[path::OPENINGS, "/{id}/report/hand-in"].concat(),
        &[path::OPENINGS, "/{id}/report.eml"].concat(),
        &[path::OPERATOR_OPENINGS, "/{id}/report"].concat(),
        path::OPERATOR_EVENTS,
        path::OPERATOR_OPENINGS,
        &[path::OPERATOR_OPENINGS, "/{id}"].concat(),
        &[path::OPERATOR_OPENINGS, "/{id}/acts"].concat(),
        path::OPERATOR_BULK,
        path::OPERATOR_INSTITUTIONS,
        &[path::OPERATOR_INSTITUTIONS, "/{code}"].concat(),
        path::OPERATOR_INSTITUTION_FILE,
    ] {
        assert!(description["paths"][address].is_object(), "{address}");
    }
}
