//! Cards that nobody is linked with, and how an administrator links them.

use axum::http::StatusCode;
use domain::account::Role;
use domain::card_presentation::CardFailure;
use domain::search::SearchForm;
use domain::visual_confirmation::PersonNumber;
use protocol::http::{CandidateId, ProblemCode, SearchOutcome, UnlinkedCardId, path};
use serde_json::{Value, json};
use server::clock::Clock as _;
use server::store::{AuditEvent, Audited, Institution, NewUnlinkedCard, StoreError, Writer};

use crate::harness::{Answer, Client, PASSWORD, Service};

const INSURED: &str = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,Sex1,Birthdate,Address,QualificationDate,CertificateSerialNumber,PersonIdentifier
06139992,東京新橋サンプル保険者,01,1,新橋　太郎,ｼﾝﾊﾞｼ ﾀﾛｳ,1,20210326,東京都港区,20210326,,A
06139992,東京新橋サンプル保険者,01,2,佐藤　花子,ｻﾄｳ ﾊﾅｺ,2,19700101,東京都港区,20210326,AB1,B
06139992,東京新橋サンプル保険者,01,3,佐藤　祥一,ｻﾄｳ ｼﾖｳｲﾁ,1,19600401,東京都港区,20210326,00ab2,C
06139992,東京新橋サンプル保険者,01,4,佐藤　祥二,ｻﾄｳ ｼﾖｳｼﾞ,1,19600401,東京都港区,20210326,AB2,D
";

/// Somebody without a card, and somebody with one.
const TARO: (&str, &str, &str) = ("新橋 太郎", "令和3年3月26日", "1");
const HANAKO: (&str, &str, &str) = ("佐藤 花子", "昭和45年1月1日", "2");

async fn service() -> Service {
    let service = Service::opened().await;
    assert_eq!(service.import(INSURED).added, 4);
    service
}

async fn found(client: &Client<'_>, (name, birthdate, sex1): (&str, &str, &str)) -> CandidateId {
    let form = SearchForm {
        name: name.to_owned(),
        birthdate: birthdate.to_owned(),
        sex1: sex1.to_owned(),
        insurer_name: "サンプル".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    };
    match client.found(&form).await {
        SearchOutcome::One(id) => id,
        other => panic!("{other:?}"),
    }
}

/// A card is presented at a screen of the institution of an account.
fn presented(service: &Service, user_id: &str, serial: &str) -> UnlinkedCardId {
    let id: UnlinkedCardId = format!("{user_id}-{serial:-<16}").parse().unwrap();
    let keep = |writer: &Writer<'_>| {
        let account = writer.account(&user_id.parse().unwrap())?;
        writer.keep_unlinked_card(&NewUnlinkedCard {
            id: id.clone(),
            institution_id: account.unwrap().institution_id,
            reader_screen: "受付1",
            certificate_serial_number: serial,
        })?;
        let event = AuditEvent::new(domain::audit::Action::CardRefused, None);
        Ok::<_, StoreError>(Audited::new((), event))
    };
    let now = service.clock.now();
    service.store.write_blocking(now, keep).unwrap();
    id
}

async fn link(client: &Client<'_>, body: Value) -> Answer {
    client.post(path::CARD_LINKS, body).await
}

/// The identifier of the person of a certificate.
fn whose(service: &Service, serial: &str) -> Result<(), CardFailure> {
    let read = |reader: &server::store::Reader<'_>| reader.person_of_certificate(serial);
    service.store.read_blocking(read).unwrap().map(drop)
}

fn persons(service: &Service) -> Vec<String> {
    let known = service.persons().into_iter().map(|person| {
        let serial = person.certificate_serial_number.unwrap_or_default();
        format!("{}:{serial}", person.person_identifier)
    });
    let mut persons: Vec<_> = known.collect();
    persons.sort();
    persons
}

#[tokio::test]
async fn a_card_is_linked_with_a_person_once() {
    let service = service().await;
    let admin = service.log_in("admin").await;
    let card = presented(&service, "admin", "C1");
    assert_eq!(whose(&service, "C1"), Err(CardFailure::NotLinked));
    let candidate = found(&admin, TARO).await;
    let body = json!({ "card": card, "candidate": candidate });
    assert_eq!(
        link(&admin, body.clone()).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(whose(&service, "C1"), Ok(()));
    assert_eq!(persons(&service)[0], "A:C1");
    let line = service.query(
        "SELECT user_id || ':' || person_id || ':' || outcome FROM audit
         WHERE action = 'card_linked'",
    );
    let persons = service.persons();
    let person = persons
        .iter()
        .find(|person| person.person_identifier == "A");
    let number = PersonNumber::from(person.unwrap().number).0;
    assert_eq!(line, [format!("admin:{number}:first")]);
    let again = link(&admin, body).await;
    assert_eq!(again.problem().code, ProblemCode::NoSuchCard);
}

#[tokio::test]
async fn an_earlier_card_is_replaced_only_where_that_is_said() {
    let service = service().await;
    let admin = service.log_in("admin").await;
    let card = presented(&service, "admin", "C1");
    let candidate = found(&admin, HANAKO).await;
    let body = json!({ "card": card, "candidate": candidate });
    let answer = link(&admin, body).await;
    assert_eq!(answer.problem().code, ProblemCode::AnotherCardLinked);
    assert_eq!(persons(&service)[1], "B:AB1");
    let body = json!({ "card": card, "candidate": candidate, "replaces": true });
    assert_eq!(link(&admin, body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(persons(&service)[1], "B:C1");
    assert_eq!(whose(&service, "AB1"), Err(CardFailure::NotLinked));
    assert!(
        service
            .audited()
            .contains(&"card_linked:replaced".to_owned())
    );
}

#[tokio::test]
async fn what_is_not_this_session_s_or_institution_s_is_not_there() {
    let service = service().await;
    let institution = Institution {
        medical_institution_code: "1300000005".parse().unwrap(),
        name: "別の医院".to_owned(),
    };
    let (other, role) = ("other".parse().unwrap(), Role::Administrator);
    let accounts = service.accounts();
    accounts
        .add(institution, &other, role, PASSWORD, false)
        .unwrap();
    let staff = service.log_in("staff").await;
    let staff_s = found(&staff, TARO).await;
    let admin = service.log_in("admin").await;
    let admin_s = found(&admin, TARO).await;
    let card = presented(&service, "admin", "C1");
    let foreign = presented(&service, "other", "C2");
    let body = |card: &str, candidate: &str| json!({ "card": card, "candidate": candidate });
    let table = [
        (
            &staff,
            body(card.as_str(), staff_s.as_str()),
            ProblemCode::NotAllowed,
        ),
        (
            &admin,
            body(card.as_str(), staff_s.as_str()),
            ProblemCode::CandidateExpired,
        ),
        (
            &admin,
            body(card.as_str(), &"A".repeat(80)),
            ProblemCode::CandidateExpired,
        ),
        (
            &admin,
            body(foreign.as_str(), admin_s.as_str()),
            ProblemCode::NoSuchCard,
        ),
        (
            &admin,
            body("AAAAAAAAAAAAAAAAAAAAAA", admin_s.as_str()),
            ProblemCode::NoSuchCard,
        ),
        (
            &admin,
            body("C1", admin_s.as_str()),
            ProblemCode::UnreadableRequest,
        ),
        (
            &admin,
            json!({ "card": card }),
            ProblemCode::UnreadableRequest,
        ),
    ];
    for (client, body, code) in table {
        assert_eq!(
            link(client, body.clone()).await.problem().code,
            code,
            "{body}"
        );
    }
    assert_eq!(persons(&service)[0], "A:");
}

#[tokio::test]
async fn a_card_waits_for_ten_minutes_to_be_linked() {
    let service = service().await;
    let admin = service.log_in("admin").await;
    let card = presented(&service, "admin", "C1");
    service.clock.advance_seconds(599);
    let again = presented(&service, "admin", "C9");
    let candidate = found(&admin, TARO).await;
    service.clock.advance_seconds(1);
    let body = json!({ "card": card, "candidate": candidate });
    assert_eq!(
        link(&admin, body).await.problem().code,
        ProblemCode::NoSuchCard
    );
    let body = json!({ "card": again, "candidate": candidate });
    assert_eq!(link(&admin, body).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_card_that_somebody_has_meanwhile_is_nobody_else_s() {
    let service = service().await;
    let admin = service.log_in("admin").await;
    let card = presented(&service, "admin", "C1");
    let insured = INSURED.replace(",AB1,B", ",C1,B");
    service.import(insured);
    let candidate = found(&admin, TARO).await;
    let body = json!({ "card": card, "candidate": candidate, "replaces": true });
    assert_eq!(
        link(&admin, body).await.problem().code,
        ProblemCode::NoSuchCard
    );
    assert_eq!(persons(&service)[0], "A:");
}

/// Only a file can bring that about.
#[tokio::test]
async fn two_persons_of_one_certificate_are_told_apart_from_none() {
    let service = service().await;
    assert_eq!(whose(&service, "AB1"), Ok(()));
    assert_eq!(whose(&service, "AB2"), Err(CardFailure::SeveralPersons));
    assert_eq!(whose(&service, "AB3"), Err(CardFailure::NotLinked));
}
