//! Nothing personal, no certificate and nothing that opens something gets into the log or
//! the trail, whatever is done with a card.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::demo::DemoCard;
use protocol::http::{IssuedPasscode, path};
use serde_json::json;
use tracing::level_filters::LevelFilter;

use crate::desk::{Desk, PERSONS, pairing};
use crate::harness::Service;
use crate::log::Log;

#[tokio::test]
async fn logs_and_the_trail_tell_nothing_of_patients_and_cards() {
    let log = Log::begin(LevelFilter::DEBUG);
    let service = Service::new();
    service.import(PERSONS);
    let desk = Desk::new(&service).await;
    let code = pairing(&service, "受付2").await.code;
    service.stranger().pair(&code).await;
    let id = desk.begin().await;
    desk.tick(&id, true).await;
    for card in DemoCard::ALL {
        desk.place(&id, card).await;
    }
    desk.read(&id, json!({ "certificate": "!" })).await;
    let id = desk.open().await.id.to_string();
    desk.cancel(&desk.terminal, &id).await;
    let id = desk.begin().await;
    desk.complete(&id).await;
    let opened = desk.open_result(&desk.terminal, &id).await;
    let opened: protocol::http::OpenedResult = opened.json();
    let shown = desk.terminal.open(opened.candidate.as_str()).await;
    assert!(shown.text().contains("新橋　太郎"));
    let administrator = service.log_in("admin").await;
    let issued: IssuedPasscode = administrator.post(path::PASSCODES, json!({})).await.json();
    let entry = json!({ "passcode": issued.passcode });
    desk.screen.post(path::READER_PASSCODE, entry).await;

    let log = log.text();
    assert!(
        log.contains("/api/reader/visual-confirmations/{id}/card"),
        "{log}"
    );
    let trail = service
        .query("SELECT concat_ws(' ', action, user_id, role, outcome, person_id) FROM audit")
        .join("\n");
    assert!(trail.contains("card_presented"));
    let certificate = STANDARD.encode(DemoCard::Valid.certificate());
    let screen = desk.screen.cookie.clone().unwrap();
    let secrets = [
        "太郎",
        "ﾀﾛｳ",
        "東京都",
        "20210326",
        "2021-03-26",
        "1000001",
        "DEMO-0000000001",
        DemoCard::Valid.serial_number(),
        DemoCard::NotLinked.serial_number(),
        &certificate[..40],
        &certificate[400..440],
        &code,
        screen.split_once('=').unwrap().1,
        id.as_str(),
        opened.candidate.as_str(),
    ];
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
        assert!(!trail.contains(secret), "trail: {secret}");
    }
    // Four digits may stand in any number; not as a word.
    let digits = issued.passcode.as_str();
    let is_word = |text: &str| {
        text.split(|one: char| !one.is_ascii_digit())
            .any(|word| word == digits)
    };
    assert!(!is_word(&trail), "{digits}");
}
