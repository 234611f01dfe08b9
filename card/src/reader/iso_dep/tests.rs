use super::*;

const MICROS: fn(u64) -> Duration = Duration::from_micros;

fn card(frame_and_type: u8) -> IsoDep {
    let bytes = [0x50, 1, 2, 3, 4, 0, 0, 5, 0xE0, 0xB3, frame_and_type, 0xA1];
    IsoDep::new(&Atqb::parse(&bytes).unwrap())
}

/// What is heard, and what is sent next.
type Turn<'a> = (Heard, Result<&'a [u8], IsoDepError>);

fn block(bytes: &[u8]) -> Heard {
    Heard::Block(bytes.to_vec())
}

/// Sends the command and checks each block; the last `Ok` is the answer.
fn check(
    name: &str,
    mut card: IsoDep,
    command: &[u8],
    first: &[u8],
    turns: &[Turn<'_>],
    answer: &[u8],
) -> IsoDep {
    let sent = |next: &Next| match next {
        Next::Send { block, .. } => block.clone(),
        Next::Done(data) => panic!("{name}: done with {data:02X?}"),
    };
    assert_eq!(sent(&card.send(command)), first, "{name}");
    for (place, (heard, expected)) in turns.iter().enumerate() {
        let next = card.take(heard);
        let is_last = place + 1 == turns.len();
        match expected {
            Err(error) => assert_eq!(next, Err(*error), "{name}, {place}"),
            Ok(_) if is_last => assert_eq!(next, Ok(Next::Done(answer.to_vec())), "{name}"),
            Ok(bytes) => assert_eq!(&sent(&next.unwrap()), bytes, "{name}, {place}"),
        }
    }
    card
}

/// The scenarios of ISO/IEC 14443-4:2018, annex B, as far as they concern one card without a CID.
#[test]
fn scenarios_of_the_standard() {
    let end: Result<&[u8], IsoDepError> = Ok(&[]);
    let wide = || card(0x81);
    check(
        "exchange of I-blocks",
        wide(),
        &[9],
        &[0x02, 9],
        &[(block(&[0x02, 0x90, 0]), end)],
        &[0x90, 0],
    );
    check(
        "request for waiting time extension",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            // With a power level, which is not repeated (7.3).
            (block(&[0xF2, 0xC3]), Ok(&[0xF2, 0x03])),
            (block(&[0x02, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "the reader chains",
        card(0x01),
        &[7; 30],
        &[&[0x12][..], &[7; 13]].concat(),
        &[
            (block(&[0xA2]), Ok(&[&[0x13][..], &[7; 13]].concat())),
            (block(&[0xA3]), Ok(&[0x02, 7, 7, 7, 7])),
            (block(&[0x02, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "the card chains",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            (block(&[0x12, 1]), Ok(&[0xA3])),
            (block(&[0x13, 2]), Ok(&[0xA2])),
            (block(&[0x02, 0x90, 0]), end),
        ],
        &[1, 2, 0x90, 0],
    );
}

/// The same annex's error handling.
#[test]
fn lost_blocks_of_the_standard_s_scenarios() {
    let (gone, bad) = (Heard::Silence, Heard::Garbled);
    let end: Result<&[u8], IsoDepError> = Ok(&[]);
    let wide = || card(0x81);
    check(
        "start of protocol: the command is lost",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            (gone.clone(), Ok(&[0xB2])),
            (block(&[0xA3]), Ok(&[0x02, 9])),
            (block(&[0x02, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "the answer is lost",
        wide(),
        &[9],
        &[0x02, 9],
        &[(bad.clone(), Ok(&[0xB2])), (block(&[0x02, 0x90, 0]), end)],
        &[0x90, 0],
    );
    check(
        "R(NAK) is lost too",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            (bad.clone(), Ok(&[0xB2])),
            (gone.clone(), Ok(&[0xB2])),
            (block(&[0x02, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "a request for waiting time extension is lost",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            (bad.clone(), Ok(&[0xB2])),
            (block(&[0xF2, 0x01]), Ok(&[0xF2, 0x01])),
            (block(&[0x02, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "a part of the reader's chain is lost",
        card(0x01),
        &[7; 14],
        &[&[0x12][..], &[7; 13]].concat(),
        &[
            (gone.clone(), Ok(&[0xB2])),
            (block(&[0xA3]), Ok(&[&[0x12][..], &[7; 13]].concat())),
            (block(&[0xA2]), Ok(&[0x03, 7])),
            (block(&[0x03, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "an acknowledgement of the card's is lost",
        card(0x01),
        &[7; 14],
        &[&[0x12][..], &[7; 13]].concat(),
        &[
            (bad.clone(), Ok(&[0xB2])),
            (block(&[0xA2]), Ok(&[0x03, 7])),
            (block(&[0x03, 0x90, 0]), end),
        ],
        &[0x90, 0],
    );
    check(
        "a part of the card's chain is lost",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            (block(&[0x12, 1]), Ok(&[0xA3])),
            (gone.clone(), Ok(&[0xA3])),
            (block(&[0x03, 0x90, 0]), end),
        ],
        &[1, 0x90, 0],
    );
    check(
        "a part comes twice",
        wide(),
        &[9],
        &[0x02, 9],
        &[
            (block(&[0x12, 1]), Ok(&[0xA3])),
            (block(&[0x12, 1]), Ok(&[0xA3])),
            (block(&[0x03, 0x90, 0]), end),
        ],
        &[1, 0x90, 0],
    );
}

#[test]
fn what_breaks_the_rules_is_an_error_in_the_end() {
    let (gone, bad) = (Heard::Silence, Heard::Garbled);
    let out = Err(IsoDepError::OutOfTurn);
    let nak: Result<&[u8], IsoDepError> = Ok(&[0xB2]);
    // FWT is 309 ms, so one asks three times.
    let lasting = |what: &Heard, error| {
        [
            (what.clone(), nak),
            (what.clone(), nak),
            (what.clone(), nak),
            (what.clone(), Err(error)),
        ]
    };
    let first: &[u8] = &[0x02, 9];
    check(
        "silence",
        card(0x81),
        &[9],
        first,
        &lasting(&gone, IsoDepError::Silence),
        &[],
    );
    check(
        "noise",
        card(0x81),
        &[9],
        first,
        &lasting(&bad, IsoDepError::Garbled),
        &[],
    );
    for invalid in [
        &[][..],
        &[0x00],       // no I-block: bit 2 is missing
        &[0x0A, 0, 1], // with CID
        &[0x06, 0, 1], // with NAD
        &[0xA2, 0],    // R-block with INF
        &[0xF2],       // S(WTX) without WTXM
        &[0xF2, 0x00],
        &[0xF2, 0x3C],
        &[0xF2, 0x3F],
        &[0xF3, 0x01],
        &[0xC3],
        &[0xE2],
        &[0x02; 255], // longer than FSD
    ] {
        let name = format!("{invalid:02X?}");
        check(
            &name,
            card(0x81),
            &[9],
            first,
            &lasting(&block(invalid), IsoDepError::Garbled),
            &[],
        );
    }
    check(
        "the wrong number",
        card(0x81),
        &[9],
        first,
        &lasting(&block(&[0x03, 0x90, 0]), IsoDepError::OutOfTurn),
        &[],
    );
    for sudden in [&[0xC2][..], &[0xB2], &[0xB3], &[0xA2]] {
        check(
            "out of turn",
            card(0x81),
            &[9],
            first,
            &[(block(sudden), out)],
            &[],
        );
    }
    // An answer before the command is whole; an acknowledgement while the card chains.
    let part: Vec<u8> = [&[0x12][..], &[7; 13]].concat();
    check(
        "too early",
        card(0x01),
        &[7; 14],
        &part,
        &[(block(&[0x02, 0x90, 0]), out)],
        &[],
    );
    check(
        "confused",
        card(0x81),
        &[9],
        first,
        &[(block(&[0x12, 1]), Ok(&[0xA3])), (block(&[0xA3]), out)],
        &[],
    );
    assert_eq!(card(0x81).take(&bad), Err(IsoDepError::NotBegun));
}

#[test]
fn no_card_goes_on_for_ever() {
    let mut slow = card(0x81);
    slow.send(&[9]);
    let ends = (0..100).find_map(|_| slow.take(&block(&[0xF2, 59])).err());
    assert_eq!(ends, Some(IsoDepError::Endless));

    let mut talkative = card(0x81);
    talkative.send(&[9]);
    let ends = (0..3).find_map(|turn| {
        talkative
            .take(&block(&[&[0x12 | turn & 1][..], &[1; 250]].concat()))
            .err()
    });
    assert_eq!(ends, Some(IsoDepError::TooLong));

    let mut empty = card(0x81);
    empty.send(&[9]);
    let ends = (0..1000_u16).find_map(|turn| {
        let pcb = if turn % 2 == 0 { 0x12 } else { 0x13 };
        empty.take(&block(&[pcb])).err()
    });
    assert_eq!(ends, Some(IsoDepError::Endless));
}

#[test]
fn waiting_times_are_the_card_s() {
    let within = |next: Next| match next {
        Next::Send { within, .. } => within,
        Next::Done(_) => panic!("done"),
    };
    let mut card = card(0x81);
    // FWT of FWI 10, and ΔFWT (both rounded up).
    let usual = MICROS(309_314 + 3_625);
    assert_eq!(within(card.send(&[9])).as_micros(), usual.as_micros());
    let extended = within(card.take(&block(&[0xF2, 4])).unwrap());
    assert_eq!(
        extended.as_micros(),
        u128::from(4 * 309_314_u32 + 3_625 + 2)
    );
    let longest = within(card.take(&block(&[0xF2, 59])).unwrap());
    assert_eq!(longest, MICROS(4_949_000 + 3_625));
    // An extension holds for one block.
    assert_eq!(
        within(card.take(&block(&[0x12, 1])).unwrap()).as_micros(),
        usual.as_micros()
    );
}

#[test]
fn a_card_is_asked_whether_it_is_there_and_dismissed() {
    let mut card = check(
        "",
        card(0x81),
        &[9],
        &[0x02, 9],
        &[(block(&[0x02, 0x90, 0]), Ok(&[]))],
        &[0x90, 0],
    );
    let sent = |next: &Next| matches!(next, Next::Send { block, .. } if block == &[0xB3]);
    assert!(sent(&card.ask_presence()));
    assert!(sent(&card.take(&Heard::Silence).unwrap()));
    assert_eq!(card.take(&block(&[0xA2])), Ok(Next::Done(vec![])));
    assert!(sent(&card.ask_presence()));
    assert!(sent(&card.take(&Heard::Garbled).unwrap()));
    assert_eq!(card.take(&Heard::Silence), Err(IsoDepError::Silence));
    // It goes on where it was.
    assert!(matches!(card.send(&[9]), Next::Send { block, .. } if block == [0x03, 9]));
    assert!(matches!(card.deselect(), Next::Send { block, .. } if block == [0xC2]));
    assert_eq!(card.take(&block(&[0xC2])), Ok(Next::Done(vec![])));
}
