//! The messages of readers' screens and visual confirmations as they stand on the wire.
//! As in `wire.rs`, a failing snapshot is a change of protocol.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::str::FromStr;

use domain::card_presentation::{CardFailure, CardNotice};
use domain::consent::{ConsentAnswer, ConsentBundle, consents};
use domain::timestamp::Timestamp;
use protocol::http::{
    Began, CardReaderReport, CardReaderState, CardReading, ConfirmationTick, ConfirmedBy,
    ConsentAnswers, Following, OpenedResult, OpeningState, PairingCode, PasscodeEntry,
    ReaderPairing, ReaderScreenState, ReaderScreenToRegister, ReaderState, Stage, TerminalState,
    UnlinkedCard, VisualConfirmationState, VisualPresentation, WaitingResult,
};

const TIME: Timestamp = Timestamp::from_unix_milliseconds(1_795_316_400_000);

fn id<T: FromStr<Err: std::fmt::Debug>>() -> T {
    "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap()
}

fn open(began: Began, stage: Stage) -> VisualConfirmationState {
    VisualConfirmationState {
        id: id(),
        began,
        stage,
        is_followed: false,
        expires_in_seconds: 180,
    }
}

fn answers() -> Vec<ConsentAnswer> {
    let answer = |bundle, agrees| ConsentAnswer { bundle, agrees };
    vec![
        answer(ConsentBundle::SpecificHealthCheckups, true),
        answer(ConsentBundle::Operation, false),
    ]
}

#[test]
fn registration_on_the_wire() {
    let name = "受付1".to_owned();
    insta::assert_json_snapshot!("reader_screen_to_register", ReaderScreenToRegister { name });
    insta::assert_json_snapshot!(
        "reader_pairing",
        ReaderPairing {
            code: "01234567".to_owned(),
            qr_svg: "<svg></svg>".to_owned(),
            expires_in_seconds: 600,
        }
    );
    let code = "01234567".to_owned();
    insta::assert_json_snapshot!("pairing_code", PairingCode { code });
}

#[test]
fn states_of_terminals_on_the_wire() {
    let began = [
        Began::Here,
        Began::AtTerminal,
        Began::AtReaderScreen,
        Began::Here,
    ];
    let notice = CardNotice::ExpiresSoon("2027-01-31".parse().unwrap());
    let stages = [
        Stage::Confirmation,
        Stage::Card { failure: None },
        Stage::Card {
            failure: Some(CardFailure::NotLinked),
        },
        Stage::Consents {
            asked: vec![ConsentBundle::DiagnosisAndPharmacists],
            notice: Some(notice),
        },
    ];
    let card_readers = [
        CardReaderState::Unknown,
        CardReaderState::Absent,
        CardReaderState::Ready,
        CardReaderState::CardPresent,
    ];
    let confirmations = began.into_iter().zip(stages).zip(card_readers);
    let mut readers: Vec<_> = confirmations
        .map(|((began, stage), card_reader)| ReaderState {
            id: id(),
            name: "受付1".to_owned(),
            is_online: true,
            last_seen_at: None,
            card_reader,
            visual_confirmation: Some(open(began, stage)),
        })
        .collect();
    readers[0].visual_confirmation = None;
    readers[0].is_online = false;
    readers[0].last_seen_at = Some(TIME);
    insta::assert_json_snapshot!(
        "terminal_state",
        TerminalState {
            revision: 4_294_967_297,
            readers,
            results: vec![WaitingResult {
                id: id(),
                reader_name: "受付1".to_owned(),
                at: TIME,
                is_own: true,
                is_opened: false,
            }],
            unlinked_cards: vec![UnlinkedCard {
                id: id(),
                reader_name: "受付1".to_owned(),
                at: TIME,
            }],
            passcode_is_void: false,
            opening: OpeningState::default(),
        }
    );
}

#[test]
fn states_of_screens_on_the_wire() {
    insta::assert_json_snapshot!(
        "reader_screen_state",
        ReaderScreenState {
            revision: 4_294_967_297,
            name: "受付1".to_owned(),
            institution_name: "新橋サンプルクリニック".to_owned(),
            is_demo: true,
            visual_confirmation: Some(open(Began::AtReaderScreen, Stage::Confirmation)),
        }
    );
}

#[test]
fn acts_on_the_wire() {
    let card_reader = CardReaderState::CardPresent;
    insta::assert_json_snapshot!("card_reader_report", CardReaderReport { card_reader });
    let passcode = "0427".to_owned();
    insta::assert_json_snapshot!("passcode_entry", PasscodeEntry { passcode });
    let tick = ConfirmationTick { is_confirmed: true };
    insta::assert_json_snapshot!("confirmation_tick", tick);
    insta::assert_json_snapshot!("following", Following { is_followed: true });
    let readings = [
        CardReading::Certificate("MIIF".to_owned()),
        CardReading::Failed(CardFailure::Unreadable),
    ];
    insta::assert_json_snapshot!("card_readings", readings);
    let failures: Vec<_> = CardFailure::ALL.to_vec();
    insta::assert_json_snapshot!("card_failures", failures);
    insta::assert_json_snapshot!("consent_answers", ConsentAnswers { answers: answers() });
    let candidate = "A".repeat(80).parse().unwrap();
    insta::assert_json_snapshot!("opened_result", OpenedResult { candidate });
}

#[test]
fn presentations_on_the_wire() {
    let confirmed_by = [
        ConfirmedBy::Account("staff".parse().unwrap()),
        ConfirmedBy::ReaderScreen("受付1".to_owned()),
    ];
    let presentations = confirmed_by.map(|confirmed_by| VisualPresentation {
        confirmed_by,
        confirmed_at: TIME,
        presented_at: TIME.plus_seconds(5),
        notice: None,
        consents: consents(&answers(), TIME.plus_seconds(20)),
    });
    insta::assert_json_snapshot!("visual_presentations", presentations);
}

#[test]
fn what_opens_something_is_not_in_debug_texts() {
    let shown = [
        format!(
            "{:?}",
            PairingCode {
                code: "01234567".to_owned()
            }
        ),
        format!(
            "{:?}",
            PasscodeEntry {
                passcode: "0427".to_owned()
            }
        ),
        format!("{:?}", CardReading::Certificate("MIIF".to_owned())),
    ];
    for text in shown {
        assert!(text.ends_with("(masked)"), "{text}");
    }
}
