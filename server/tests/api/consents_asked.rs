//! What reader screens ask: chosen by administrators, for their institution.

use axum::http::{Method, StatusCode};
use domain::consent::ConsentBundle;
use protocol::http::{ConsentsAsked, ProblemCode, path};
use serde_json::json;

use crate::harness::{Answer, Client, Service};

async fn put(client: &Client<'_>, bundles: &[&str]) -> Answer {
    let body = json!({ "bundles": bundles });
    client
        .send(Method::PUT, path::CONSENTS_ASKED, Some(body))
        .await
}

async fn asked(client: &Client<'_>) -> Vec<ConsentBundle> {
    let answer = client.get(path::CONSENTS_ASKED).await;
    answer.json::<ConsentsAsked>().bundles
}

#[tokio::test]
async fn an_administrator_chooses_what_is_asked_and_in_which_order() {
    use ConsentBundle::{
        DiagnosisAndPharmacists, Operation, SpecificDiseases, SpecificHealthCheckups,
    };
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let usual = [DiagnosisAndPharmacists, SpecificHealthCheckups, Operation];
    assert_eq!(asked(&admin).await, usual);
    let answer = put(&admin, &["specific_diseases", "operation"]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(asked(&admin).await, [SpecificDiseases, Operation]);
    let trail = service.audited();
    let changed = "consents_asked_changed:specific_diseases operation".to_owned();
    assert!(trail.contains(&changed), "{trail:?}");
}

#[tokio::test]
async fn at_least_one_is_asked_and_none_twice() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let table: [(&[&str], ProblemCode); 3] = [
        (&[], ProblemCode::InvalidInput),
        (&["operation", "operation"], ProblemCode::InvalidInput),
        (&["face"], ProblemCode::UnreadableRequest),
    ];
    for (bundles, code) in table {
        assert_eq!(
            put(&admin, bundles).await.problem().code,
            code,
            "{bundles:?}"
        );
    }
    assert_eq!(asked(&admin).await.len(), 3);
}

#[tokio::test]
async fn administrators_only() {
    let service = Service::new();
    for user_id in ["staff", "operator"] {
        let client = service.log_in(user_id).await;
        let read = client.get(path::CONSENTS_ASKED).await;
        assert_eq!(read.problem().code, ProblemCode::NotAllowed, "{user_id}");
        let changed = put(&client, &["operation"]).await;
        assert_eq!(changed.problem().code, ProblemCode::NotAllowed, "{user_id}");
    }
}
