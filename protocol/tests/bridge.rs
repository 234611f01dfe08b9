//! Every message between the page and the bridge as it stands on the wire. A failing
//! snapshot is a change of protocol: pages and bridges of another version are out there.

use protocol::bridge::pairing::{self, Greeting};
use protocol::bridge::{
    Answer, Bytes, CardGeneration, CardKind, CardState, Challenge, ErrorCode, Event, Failure,
    FromBridge, FromPage, Hello, Holder, HoldingId, Lease, LossReason, PairingWanted,
    PresentedCard, Proof, ReaderId, ReaderState, Refusal, RefusalReason, Request, ServiceState,
    SimulatedCard, VERSIONS, Verb, Version, VersionRange, Welcome,
};

fn bytes(text: &str) -> Bytes {
    Bytes(text.to_owned())
}

fn reader(card: CardState, holder: Option<Holder>) -> ReaderState {
    ReaderState {
        id: ReaderId(1),
        name: "Virtual PCD 00 00".to_owned(),
        card,
        holder,
    }
}

fn holder() -> Holder {
    Holder {
        holding: HoldingId(3),
        label: "受付1番の資格確認端末".to_owned(),
        is_you: false,
        held_for_seconds: 12,
    }
}

fn failure() -> Failure {
    Failure {
        code: ErrorCode::CardRefused,
        message: "カードが読み取りを断りました。".to_owned(),
        remedy: "カードを置き直してください。".to_owned(),
        retryable: true,
        may_have_executed: true,
        status_word: Some(0x6982),
    }
}

fn cards() -> Vec<CardState> {
    let generation = CardGeneration(2);
    let kinds = [
        CardKind::MyNumberCard,
        CardKind::JukiCard,
        CardKind::Phone,
        CardKind::Other,
    ];
    let mut cards = vec![
        CardState::Absent,
        CardState::Mute,
        CardState::InUseElsewhere { generation },
        CardState::Present {
            generation,
            kind: None,
        },
    ];
    cards.extend(kinds.map(|kind| CardState::Present {
        generation,
        kind: Some(kind),
    }));
    cards
}

fn version() -> Version {
    Version {
        name: "shikaku-reader-bridge".to_owned(),
        version: "0.1.0".to_owned(),
        drives_readers: true,
        protocol: VERSIONS,
    }
}

fn refusals() -> Vec<Refusal> {
    [
        RefusalReason::HostNotOwn,
        RefusalReason::OriginMissing,
        RefusalReason::OriginMalformed,
        RefusalReason::OriginNotAllowed,
        RefusalReason::NotForPages,
        RefusalReason::NotFound,
        RefusalReason::TooManyConnections,
    ]
    .map(|reason| Refusal {
        reason,
        message: "…".to_owned(),
    })
    .into()
}

fn requests() -> Vec<FromPage> {
    let lease = HoldingId(3);
    let verbs = [
        Verb::Readers,
        Verb::Acquire {
            reader: ReaderId(1),
        },
        Verb::TakeOver {
            reader: ReaderId(1),
            holding: lease,
        },
        Verb::Release { lease },
        Verb::Read {
            lease,
            card: Some(CardGeneration(2)),
            with_ca: true,
        },
        Verb::Read {
            lease,
            card: None,
            with_ca: false,
        },
        Verb::Cancel { request: 5 },
        Verb::Simulate {
            card: Some(SimulatedCard::Valid),
        },
        Verb::Simulate {
            card: Some(SimulatedCard::Expired),
        },
        Verb::Simulate {
            card: Some(SimulatedCard::NotLinked),
        },
        Verb::Simulate { card: None },
    ];
    let numbered = (1..).zip(verbs);
    numbered
        .map(|(id, verb)| FromPage::Request(Request { id, verb }))
        .collect()
}

fn greeting_messages() -> (Vec<FromPage>, Vec<FromBridge>) {
    let hello = Hello {
        versions: VERSIONS,
        key: bytes("BA…"),
        nonce: bytes("AA…"),
        label: "受付1番の資格確認端末".to_owned(),
    };
    let signature = bytes("MM…");
    let challenge = Challenge {
        version: 1,
        nonce: bytes("CC…"),
        bridge_key: bytes("BB…"),
        signature: signature.clone(),
    };
    let wanted = PairingWanted {
        within_seconds: 120,
        command: "shikaku-reader-bridge pair accept".to_owned(),
    };
    let welcome = Welcome {
        bridge: "0.1.0".to_owned(),
        simulator: false,
        service: ServiceState::Available,
        readers: cards().into_iter().map(|card| reader(card, None)).collect(),
    };
    (
        vec![FromPage::Hello(hello), FromPage::Proof(Proof { signature })],
        vec![
            FromBridge::Challenge(challenge),
            FromBridge::PairingWanted(wanted),
            FromBridge::Welcome(welcome),
            FromBridge::Failed(failure()),
        ],
    )
}

fn answers() -> Vec<FromBridge> {
    let presented = PresentedCard {
        lease: HoldingId(3),
        reader: ReaderId(1),
        card: CardGeneration(2),
        kind: CardKind::MyNumberCard,
        certificate: bytes("MIIG…"),
        ca_certificate: Some(bytes("MIIF…")),
        card_microseconds: 160_000,
    };
    let answers = [
        Answer::Readers {
            service: ServiceState::Available,
            readers: vec![reader(CardState::Absent, Some(holder()))],
        },
        Answer::Acquired(Lease {
            lease: HoldingId(3),
            reader: reader(CardState::Absent, Some(holder())),
        }),
        Answer::Released,
        Answer::Presented(presented),
        Answer::Done,
        Answer::Failed(failure()),
    ];
    let numbered = (1..).zip(answers);
    numbered
        .map(|(request, answer)| FromBridge::Reply { request, answer })
        .collect()
}

fn events() -> Vec<FromBridge> {
    let lost = |reason, holder| Event::LeaseLost {
        lease: HoldingId(3),
        reader: ReaderId(1),
        reason,
        holder,
    };
    let events = [
        Event::ReaderAttached(reader(CardState::Absent, None)),
        Event::ReaderRemoved {
            reader: ReaderId(1),
        },
        Event::ReaderChanged(reader(CardState::Mute, None)),
        Event::Service(ServiceState::Available),
        Event::Service(ServiceState::Unavailable),
        Event::Service(ServiceState::Stuck),
        Event::Service(ServiceState::Denied),
        lost(LossReason::TakenOver, Some(holder())),
        lost(LossReason::ReaderGone, None),
        lost(LossReason::MachineSlept, None),
        Event::Closing,
    ];
    events.map(FromBridge::Event).into()
}

/// Every code: a new one is a new version, or pages of this one can't read it.
const CODES: [ErrorCode; 30] = [
    ErrorCode::BadMessage,
    ErrorCode::VersionUnsupported,
    ErrorCode::BadKey,
    ErrorCode::BadSignature,
    ErrorCode::NotPaired,
    ErrorCode::TooManyRequests,
    ErrorCode::Closing,
    ErrorCode::NoSuchReader,
    ErrorCode::ReaderInUse,
    ErrorCode::HolderChanged,
    ErrorCode::ReaderBusy,
    ErrorCode::LeaseEnded,
    ErrorCode::StaleCard,
    ErrorCode::CardRemoved,
    ErrorCode::ReaderRemoved,
    ErrorCode::CardMute,
    ErrorCode::CardInUseElsewhere,
    ErrorCode::CardReset,
    ErrorCode::ServiceUnavailable,
    ErrorCode::ServiceStuck,
    ErrorCode::ServiceDenied,
    ErrorCode::TimedOut,
    ErrorCode::Cancelled,
    ErrorCode::NotAMyNumberCard,
    ErrorCode::JukiCard,
    ErrorCode::PhoneNotSupported,
    ErrorCode::UnknownToken,
    ErrorCode::NoCertificate,
    ErrorCode::CardRefused,
    ErrorCode::CardUnreadable,
];

#[test]
fn messages_on_the_wire() {
    let (from_page, from_bridge) = greeting_messages();
    insta::assert_json_snapshot!("version", version());
    insta::assert_json_snapshot!("refusals", refusals());
    insta::assert_json_snapshot!("greeting_from_page", from_page);
    insta::assert_json_snapshot!("greeting_from_bridge", from_bridge);
    insta::assert_json_snapshot!("requests", requests());
    insta::assert_json_snapshot!("answers", answers());
    insta::assert_json_snapshot!("events", events());
    let rest = [ErrorCode::NoSimulator, ErrorCode::Internal];
    insta::assert_json_snapshot!("error_codes", (CODES, rest));
}

#[test]
fn a_version_is_common_or_there_is_none() {
    let range = |least, most| VersionRange { least, most };
    let table = [
        ((1, 1), (1, 1), Some(1)),
        ((1, 3), (2, 5), Some(3)),
        ((2, 5), (1, 3), Some(3)),
        ((1, 2), (3, 4), None),
        ((3, 4), (1, 2), None),
        ((1, 9), (4, 4), Some(4)),
    ];
    for ((least, most), other, expected) in table {
        let (one, other) = (range(least, most), range(other.0, other.1));
        assert_eq!(one.common(other), expected, "{one:?} {other:?}");
    }
}

#[test]
fn what_is_signed_is_different_for_each_purpose_and_part() {
    let greeting = Greeting {
        origin: "https://clinic.example",
        page_key: "page-key",
        page_nonce: "page-nonce",
        bridge_key: "bridge-key",
        bridge_nonce: "bridge-nonce",
        version: 1,
    };
    insta::assert_snapshot!("page_statement", pairing::page_statement(&greeting));
    let statements = [
        pairing::page_statement(&greeting),
        pairing::bridge_statement(&greeting),
        pairing::code_statement(&greeting),
        pairing::page_statement(&Greeting {
            origin: "https://clinic.example.evil.example",
            ..greeting
        }),
        pairing::page_statement(&Greeting {
            version: 2,
            ..greeting
        }),
    ];
    for (place, statement) in statements.iter().enumerate() {
        assert!(!statements[..place].contains(statement), "{statement}");
    }
}

#[test]
fn a_code_has_six_digits() {
    let mut digest = [0; 32];
    assert_eq!(pairing::code(&digest), "000000");
    digest[3] = 42;
    assert_eq!(pairing::code(&digest), "000042");
    assert_eq!(pairing::code(&[0xFF; 32]), "967295");
}

#[test]
fn a_certificate_does_not_get_into_logs() {
    let text = format!("{:?}", answers());
    assert!(!text.contains("MII"), "{text}");
}
